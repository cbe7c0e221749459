import { latentConsistency } from "../denoisers/boundary.ts";
import type { Denoiser, Network } from "../denoisers/denoiser.ts";
import { type Floats, mix } from "../floats.ts";
import type { Level } from "../level.ts";
import { CLEAN, type Schedule, scheduleLevel } from "../schedules/schedule.ts";
import { consistency } from "../solvers/consistency.ts";
import { ddim } from "../solvers/ddim.ts";
import { ddimInverse } from "../solvers/ddim_inverse.ts";
import { ddpm, type DdpmOptions } from "../solvers/ddpm.ts";
import { plms, pndm } from "../solvers/plms.ts";
import { tcd } from "../solvers/tcd.ts";
import { lcmTimesteps } from "../steps/lcm.ts";
import { linspaceTimesteps } from "../steps/timesteps.ts";
import { timestepLevels } from "../steps/schedule_levels.ts";
import { learnedRangeVariance } from "../variance.ts";
import type { ConfigReader } from "./config.ts";
import { spacedTimesteps } from "./grids.ts";
import {
  LATENT,
  noiseSchedule,
  type NoiseScheduleOptions,
} from "./noise_schedule.ts";
import {
  bounded,
  type Bounds,
  type DiffusersPlan,
  type PlanRequest,
  predictionType,
  requireSignal,
  VARIANCES,
} from "./plan.ts";

/** A plan over whole timesteps of the process. */
function timestepPlan(
  request: PlanRequest,
  options: Omit<NoiseScheduleOptions, "float32">,
  make: (
    schedule: Schedule,
    final: Level,
  ) => Pick<DiffusersPlan, "levels" | "solver">,
  bounds: Bounds,
  final = true,
): DiffusersPlan {
  const { config, float32 } = request;
  const schedule = noiseSchedule(config, { ...options, float32 });
  requireSignal(config, schedule);
  const one = config.flag("set_alpha_to_one", final);
  const first = scheduleLevel(schedule, 0);
  // With `set_alpha_to_one: false` the last step of diffusers may lead from level 0 to level 0: a sliver of it is left.
  const sliver = { ...first, sigma: first.sigma * (1 - 1e-12) };
  const { levels, solver } = make(schedule, one ? CLEAN : sliver);
  return {
    levels,
    solver,
    startScale: 1,
    denoiser: (network) => bounded(config, network, {}, bounds),
  };
}

/** Variance of a DDPM step by the name diffusers has for it. */
function varianceOf(
  config: ConfigReader,
  fallback: typeof VARIANCES[number],
): DdpmOptions {
  const name = config.choice("variance_type", fallback, VARIANCES);
  // Diffusers takes this output for the variance itself, improved-diffusion for its logarithm.
  if (name === "learned") return { learnedVariance: () => (raw) => raw };
  if (name === "learned_range") {
    return { learnedVariance: learnedRangeVariance };
  }
  return name.startsWith("fixed_large")
    ? { variance: (_level, _next, { beta }) => beta }
    : {};
}

/** β of a step as torch has it in float32: with the rounded share ᾱ / ᾱ' of signal that the step keeps. */
function roundedBeta(level: Level, next: Level): number {
  const kept = Math.fround(level.alpha ** 2) / Math.fround(next.alpha ** 2);
  return 1 - Math.fround(kept);
}

/** DDPMScheduler, DDPMParallelScheduler. */
export function ddpmPlan(request: PlanRequest): DiffusersPlan {
  return timestepPlan(request, {}, (schedule, final) => {
    const timesteps = spacedTimesteps({ ...request, schedule }, {
      fallback: "leading",
    });
    return {
      levels: timestepLevels(schedule, timesteps, { final }),
      solver: ddpm({
        ...varianceOf(request.config, "fixed_small"),
        finalNoise: request.finalNoise === true && timesteps.at(-1)! > 0,
        ...(request.float32 && { beta: roundedBeta }),
      }),
    };
  }, { clip: true });
}

/** UnCLIPScheduler: DDPM over rounded timesteps of the cosine schedule. */
export function unclipPlan(request: PlanRequest): DiffusersPlan {
  return timestepPlan(
    request,
    { fallback: "squaredcos_cap_v2" },
    (schedule, final) => {
      const { length } = schedule;
      const timesteps = request.timesteps?.slice() ??
        linspaceTimesteps(length, request.steps);
      return {
        levels: timestepLevels(schedule, timesteps, { final }),
        solver: ddpm({
          ...varianceOf(request.config, "fixed_small_log"),
          ...(request.float32 && {
            beta: (level, next) =>
              level.t - next.t === 1
                ? schedule.betas[level.t]!
                : Math.fround(roundedBeta(level, next)),
          }),
        }),
      };
    },
    { clip: true, thresholds: false },
  );
}

/** DDIMScheduler, DDIMParallelScheduler. */
export function ddimPlan(request: PlanRequest): DiffusersPlan {
  return timestepPlan(request, {}, (schedule, final) => ({
    levels: timestepLevels(
      schedule,
      spacedTimesteps({ ...request, schedule }, { fallback: "leading" }),
      { final },
    ),
    solver: ddim({ eta: request.eta ?? 0 }),
  }), { clip: true, keepEpsilon: !request.useClippedModelOutput });
}

/** DDIMInverseScheduler: the network hears the timestep it goes to, about images at the level before. */
export function ddimInversePlan(request: PlanRequest): DiffusersPlan {
  const { config } = request;
  const range = config.number("clip_sample_range", 1);
  const plan = timestepPlan(request, {}, (schedule, final) => ({
    levels: timestepLevels(
      schedule,
      spacedTimesteps({ ...request, schedule }, { fallback: "leading" }),
      { final },
    ).reverse(),
    solver: ddimInverse(
      config.flag("clip_sample", true) ? { range: [-range, range] } : {},
    ),
  }), {});
  const before = new Map(
    plan.levels.slice(1).map((level, i) => [level.t, plan.levels[i]!]),
  );
  return {
    ...plan,
    denoiser: (network) => sourceDenoiser(config, network, before),
  };
}

/** Noise and clean images of what a network predicts, converted at the level that `before` has for its timestep. */
function sourceDenoiser<T extends Floats>(
  config: ConfigReader,
  network: Network<T>,
  before: ReadonlyMap<number, Level>,
): Denoiser<T> {
  const predicts = predictionType(config);
  return async (x, level, call) => {
    const { alpha, sigma } = before.get(level.t) ?? level;
    const output = await network(x, level.t, call);
    if (predicts === "sample") {
      return { x0: output, epsilon: mix(1 / sigma, x, -alpha / sigma, output) };
    }
    const epsilon = predicts === "epsilon"
      ? output
      : mix(alpha, output, sigma, x);
    return { x0: mix(1 / alpha, x, -sigma / alpha, epsilon), epsilon };
  };
}

/** PNDMScheduler. */
export function pndmPlan(request: PlanRequest): DiffusersPlan {
  const { config, steps } = request;
  const skips = config.flag("skip_prk_steps", false);
  if (!skips && !(steps >= 4)) {
    throw new RangeError(
      `Cannot sample as PNDMScheduler must make 4 steps or more unless skip_prk_steps is true: current value is ${steps}`,
    );
  }
  return timestepPlan(
    request,
    {},
    (schedule, final) => {
      const timesteps = spacedTimesteps({ ...request, schedule }, {
        fallback: "leading",
      });
      const velocity = predictionType(config) === "v_prediction";
      const half = Math.floor(Math.floor(schedule.length / steps) / 2);
      return {
        levels: timestepLevels(schedule, timesteps, { final }),
        solver: skips ? plms({ velocity }) : pndm({
          velocity,
          middle: (level) => scheduleLevel(schedule, level.t - half),
        }),
      };
    },
    { thresholds: false },
    false,
  );
}

/** LCMScheduler. */
export function lcmPlan(request: PlanRequest): DiffusersPlan {
  const { config } = request;
  const plan = timestepPlan(
    request,
    { fallback: "scaled_linear", range: LATENT },
    (schedule, final) => ({
      levels: timestepLevels(schedule, distilledTimesteps(request, schedule), {
        final,
      }),
      solver: consistency(),
    }),
    { clip: false },
  );
  return {
    ...plan,
    denoiser: (network) =>
      latentConsistency(plan.denoiser(network), {
        timestepScaling: config.number("timestep_scaling", 10),
      }),
  };
}

/** TCDScheduler. */
export function tcdPlan(request: PlanRequest): DiffusersPlan {
  const gamma = request.eta ?? 0.3;
  return timestepPlan(
    request,
    { fallback: "scaled_linear", range: LATENT },
    (schedule) => ({
      levels: timestepLevels(schedule, distilledTimesteps(request, schedule), {
        final: scheduleLevel(schedule, 0),
      }),
      solver: tcd({
        gamma,
        cleaner: ({ t }, share) =>
          scheduleLevel(schedule, Math.floor(share * t)),
      }),
    }),
    { thresholds: false },
  );
}

function distilledTimesteps(
  { config, steps, timesteps }: PlanRequest,
  { length }: Schedule,
): number[] {
  return timesteps?.slice() ?? lcmTimesteps(length, steps, {
    originalSteps: config.number("original_inference_steps", 50),
  });
}
