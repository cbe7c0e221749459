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

/** Even times moved towards noise. The last one is moved twice, as diffusers takes it from a list that is moved already. */
function shiftedSigmas(request: PlanRequest): number[] {
  const { config, steps, timesteps } = request;
  const length = lengthOf(request);
  const shift = config.number("shift", 1);
  if (timesteps !== undefined) {
    return timesteps.map((t) => shiftTime(t / length, shift));
  }
  return flowLevels(steps, { shift, end: shiftTime(1 / length, shift) })
    .slice(0, -1).map(({ sigma }) => sigma);
}

/** FlowMatchHeunDiscreteScheduler. */
export function flowHeunPlan(request: PlanRequest): DiffusersPlan {
  return flowPlan(lengthOf(request), shiftedSigmas(request), flowHeun());
}

/** FlowMatchEulerDiscreteScheduler. */
export function flowEulerPlan(request: PlanRequest): DiffusersPlan {
  const { config } = request;
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
