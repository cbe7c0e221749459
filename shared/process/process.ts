import type { Level } from "../level.ts";
import {
  alphaBarSchedule,
  CLEAN,
  type Schedule,
  scheduleLevel,
} from "../schedules/schedule.ts";
import type { VarianceBounds } from "../variance.ts";

/**
 * A Gaussian diffusion process of T levels, index 0 the cleanest, with the tables that losses, bounds and samplers
 * share. All in float64. Ho et al. (2020); the tables are those of improved-diffusion's GaussianDiffusion.
 */
export interface DiffusionProcess extends Schedule {
  /** The levels. Their `t` is the index in the process the network was trained on, and what it is told. */
  readonly levels: readonly Level[];
  /** ᾱ_t−1, 1 for t = 0. */
  readonly previousAlphaBars: Float64Array;
  /** ᾱ_t+1, 0 for t = T − 1. */
  readonly nextAlphaBars: Float64Array;
  /** √ᾱ, the weight of x0 in x_t. */
  readonly sqrtAlphaBars: Float64Array;
  /** √(1 − ᾱ), the weight of the noise in x_t. */
  readonly sqrtOneMinusAlphaBars: Float64Array;
  /** √(1 / ᾱ), the weight of x_t in x0 = √(1/ᾱ) x_t − √(1/ᾱ − 1) ε. */
  readonly sqrtRecipAlphaBars: Float64Array;
  /** √(1 / ᾱ − 1), the weight of ε in it. */
  readonly sqrtRecipMinusOneAlphaBars: Float64Array;
  /** β̃ = β (1 − ᾱ_t−1) / (1 − ᾱ_t), the variance of q(x_t−1 | x_t, x0); 0 for t = 0. */
  readonly posteriorVariances: Float64Array;
  /** ln β̃, finite for t = 0 too. */
  readonly posteriorLogVariances: Float64Array;
  /** Weight of x0 in the posterior mean. */
  readonly posteriorMeanX0: Float64Array;
  /** Weight of x_t in the posterior mean. */
  readonly posteriorMeanX: Float64Array;
}

/** Options of {@linkcode diffusionProcess}. */
export interface ProcessOptions {
  /**
   * What stands in for β̃_0 = 0 under the logarithm: β̃_1 as in improved-diffusion if not given, 1e-20 in diffusers and
   * lucidrains.
   *
   * @default {β̃_1}
   */
  floor?: number;
}

/**
 * The process of a schedule, or of any subset of its levels, which is an exact process of its own: β_i = 1 − ᾱ_i /
 * ᾱ_i−1 over the levels kept. Nichol and Dhariwal (2021), section 4.
 *
 * @param schedule Discrete process the network was trained on.
 * @param timesteps Indices to keep, in either order; all if not given.
 * @param options Treatment of the last step.
 * @returns Tables of the process; index i is the i-th cleanest level kept.
 * @throws {RangeError} If an index is not in the schedule or repeats, or if none is given.
 */
export function diffusionProcess(
  schedule: Schedule,
  timesteps?: readonly number[],
  { floor }: ProcessOptions = {},
): DiffusionProcess {
  const kept = [...timesteps ?? schedule.alphaBars.keys()].sort((a, b) =>
    a - b
  );
  const levels = kept.map((t) => scheduleLevel(schedule, t));
  const { betas, alphaBars, length } = timesteps === undefined
    ? schedule
    : alphaBarSchedule(kept.map((t) => schedule.alphaBars[t]!));
  const previousAlphaBars = Float64Array.from(
    alphaBars,
    (_, i) => i === 0 ? 1 : alphaBars[i - 1]!,
  );
  const table = (
    value: (alphaBar: number, previous: number, beta: number) => number,
  ) =>
    alphaBars.map((alphaBar, i) =>
      value(alphaBar, previousAlphaBars[i]!, betas[i]!)
    );
  const posteriorVariances = table((a, previous, beta) =>
    beta * (1 - previous) / (1 - a)
  );
  const first = floor ?? posteriorVariances[1] ?? betas[0]!;
  return {
    length,
    betas,
    alphaBars,
    levels,
    previousAlphaBars,
    nextAlphaBars: Float64Array.from(
      alphaBars,
      (_, i) => alphaBars[i + 1] ?? 0,
    ),
    sqrtAlphaBars: alphaBars.map(Math.sqrt),
    sqrtOneMinusAlphaBars: table((a) => Math.sqrt(1 - a)),
    sqrtRecipAlphaBars: table((a) => Math.sqrt(1 / a)),
    sqrtRecipMinusOneAlphaBars: table((a) => Math.sqrt(1 / a - 1)),
    posteriorVariances,
    posteriorLogVariances: posteriorVariances.map((variance, i) =>
      Math.log(i === 0 ? first : variance)
    ),
    posteriorMeanX0: table((a, previous, beta) =>
      beta * Math.sqrt(previous) / (1 - a)
    ),
    posteriorMeanX: table((a, previous, beta) =>
      (1 - previous) * Math.sqrt(1 - beta) / (1 - a)
    ),
  };
}

/**
 * The level before an index, towards the clean image.
 *
 * @param process The process.
 * @param index Index from 0 to T − 1.
 * @returns Level of index − 1, or the clean image.
 */
export function previousLevel(process: DiffusionProcess, index: number): Level {
  return process.levels[index - 1] ?? CLEAN;
}

/**
 * The bounds of the variance of the reverse step from an index.
 *
 * @param process The process.
 * @param index Index from 0 to T − 1.
 * @returns Log variances.
 */
export function varianceBounds(
  process: DiffusionProcess,
  index: number,
): VarianceBounds {
  return {
    small: process.posteriorLogVariances[index]!,
    large: Math.log(process.betas[index]!),
    last: index === 0,
  };
}
