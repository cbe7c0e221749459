import type { Network } from "../denoisers/denoiser.ts";
import { fromFlow } from "../denoisers/predictions.ts";
import { type Floats, mix } from "../floats.ts";
import { flowLevel } from "../level.ts";
import { consistency } from "../solvers/consistency.ts";
import { euler } from "../solvers/euler.ts";
import { flowHeun } from "../solvers/flow_heun.ts";
import type { Solver } from "../solvers/solver.ts";
import { flowLevels, shiftTime } from "../steps/flow.ts";
import { namedSigmas, stretchedSigmas } from "./grids.ts";
import type { DiffusersPlan, PlanRequest } from "./plan.ts";

/** A plan over the sigmas of a straight flow, the clean image not among them. */
function flowPlan(
  length: number,
  sigmas: readonly number[],
  solver: Solver,
): DiffusersPlan {
  return {
    levels: [...sigmas, 0].map((sigma) => ({
      ...flowLevel(sigma),
      t: sigma * length,
    })),
    solver,
    startScale: 1,
    denoiser: (network) => fromFlow(network),
  };
}

function lengthOf({ config }: PlanRequest): number {
  return config.number("num_train_timesteps", 1000);
}

/**
 * Even times moved towards noise, or those that were asked for. The last of even ones is moved twice, as diffusers takes it
 * from a list that is moved already, unless the shift is given for the run.
 */
function shiftedSigmas(request: PlanRequest): number[] {
  const { config, steps, timesteps, sigmas } = request;
  const length = lengthOf(request);
  const dynamic = config.flag("use_dynamic_shifting", false);
  const shift = dynamic ? dynamicShift(request) : config.number("shift", 1);
  const given = sigmas === undefined
    ? timesteps?.map((t) => t / length)
    : requireSigmas(sigmas);
  if (given !== undefined) return given.map((time) => shiftTime(time, shift));
  const end = dynamic ? 1 / length : shiftTime(1 / length, shift);
  return flowLevels(steps, { shift, end }).slice(0, -1)
    .map(({ sigma }) => sigma);
}

/** The shift that depends on the size of the images: e^mu, or mu itself. */
function dynamicShift({ config, mu }: PlanRequest): number {
  const type = config.choice("time_shift_type", "exponential", [
    "exponential",
    "linear",
  ]);
  const shift = type === "linear" ? Number(mu) : Math.exp(Number(mu));
  if (shift > 0 && shift < Infinity) return shift;
  throw new RangeError(
    `Cannot sample as 'mu' must be given as a number that makes a shift > 0 where use_dynamic_shifting is true: current value is ${mu}`,
  );
}

/** Refuses sigmas that no run goes down. */
function requireSigmas(sigmas: readonly number[]): readonly number[] {
  sigmas.forEach((sigma, i) => {
    if (sigma > 0 && (i === 0 ? sigma <= 1 : sigma < sigmas[i - 1]!)) return;
    throw new RangeError(
      `Cannot sample as 'sigmas[${i}]' must be in (0, 1] and below the one before: current value is ${sigma}`,
    );
  });
  return sigmas;
}

/** FlowMatchHeunDiscreteScheduler. */
export function flowHeunPlan(request: PlanRequest): DiffusersPlan {
  return flowPlan(lengthOf(request), shiftedSigmas(request), flowHeun());
}

/** FlowMatchEulerDiscreteScheduler. */
export function flowEulerPlan(request: PlanRequest): DiffusersPlan {
  const { config, mu } = request;
  if (mu !== undefined && !config.flag("use_dynamic_shifting", false)) {
    throw new RangeError(
      `Cannot use 'mu' as use_dynamic_shifting must be true: current value is ${mu}`,
    );
  }
  const length = lengthOf(request);
  const shifted = stretchedSigmas(config, shiftedSigmas(request));
  const named = shifted.length > 1
    ? namedSigmas(request, shifted.at(-1)!, shifted[0]!)
    : undefined;
  const plan = flowPlan(
    length,
    named?.map((sigma) => Math.min(sigma, 1)) ?? shifted,
    config.flag("stochastic_sampling", false) ? consistency() : euler(),
  );
  return config.flag("invert_sigmas", false) ? inverted(plan, length) : plan;
}

/** The plan of a network that counts time towards the clean image, and so predicts the velocity towards it. */
function inverted(plan: DiffusersPlan, length: number): DiffusersPlan {
  return {
    ...plan,
    levels: plan.levels.map((level) => ({ ...level, t: length - level.t })),
    denoiser: (network) => plan.denoiser(reversed(network)),
  };
}

function reversed<T extends Floats>(network: Network<T>): Network<T> {
  return async (x, t, call) => {
    const velocity = await network(x, t, call);
    return mix(-1, velocity, 0, velocity);
  };
}
