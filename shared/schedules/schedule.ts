import { type Level, vpLevel } from "../level.ts";

/** A discrete variance-preserving process: T noise levels, index 0 the cleanest. Ho et al. (2020). */
export interface Schedule {
  /** Number of levels T. */
  readonly length: number;
  /** β_t, the variance that step t adds, in (0, 1]. */
  readonly betas: Float64Array;
  /**
   * ᾱ_t = Π (1 − β), strictly decreasing, in [0, 1); 0 only at the end and only with zero terminal signal-to-noise
   * ratio.
   */
  readonly alphaBars: Float64Array;
}

/** Options of {@linkcode betaSchedule}. */
export interface ScheduleOptions {
  /**
   * Whether the tables hold the float32 numbers that torch has, bit for bit given the same betas. The maths stays
   * float64 either way.
   *
   * @default {false}
   */
  float32?: boolean;
  /**
   * Whether betas must not decrease, as in all schedules but the Laplace one; finds lists in the wrong order.
   *
   * @default {true}
   */
  sorted?: boolean;
  /**
   * Lowest ᾱ, in [0, 1). Schedulers that speak of σ put 2⁻²⁴ in place of a terminal 0, whose σ would be infinite.
   *
   * @default {0}
   */
  minAlphaBar?: number;
}

/**
 * The schedule of a list of betas.
 *
 * @param betas β_0 … β_T−1, from {@linkcode linearBetas} and its like or from a trained model's configuration.
 * @param options Precision, and whether the order is checked.
 * @returns Tables of the process.
 * @throws {RangeError} If a beta is outside (0, 1], NaN or out of order, if a step before the last one removes all
 * signal, or if there is none.
 */
export function betaSchedule(
  betas: ArrayLike<number>,
  { float32 = false, sorted = true, minAlphaBar = 0 }: ScheduleOptions = {},
): Schedule {
  if (betas.length === 0) {
    throw new RangeError(
      "Cannot make a schedule as 'betas' must have entries: current value is []",
    );
  }
  const round = float32 ? Math.fround : Number;
  const table = Float64Array.from(betas, round);
  const alphaBars = new Float64Array(table.length);
  let product = 1; // float64 in torch.cumprod too, which rounds on store alone
  for (const [i, beta] of table.entries()) {
    requireBeta(beta, i, table);
    if (sorted && i > 0 && beta < table[i - 1]! * (1 - 1e-6)) {
      throw new RangeError(
        `Cannot make a schedule as 'betas' must not decrease, unless 'sorted' is false: current value is ${beta} after ${
          table[i - 1]
        } at ${i}`,
      );
    }
    product *= round(1 - beta);
    alphaBars[i] = Math.max(round(product), minAlphaBar);
  }
  return { length: table.length, betas: table, alphaBars };
}

/**
 * The schedule of a list of ᾱ, from which the betas follow: β_t = 1 − ᾱ_t / ᾱ_t−1.
 *
 * @param alphaBars ᾱ_0 … ᾱ_T−1, strictly decreasing in [0, 1).
 * @returns Tables of the process.
 * @throws {RangeError} If a number is outside [0, 1) or not below the one before.
 */
export function alphaBarSchedule(alphaBars: ArrayLike<number>): Schedule {
  const table = Float64Array.from(alphaBars);
  const betas = table.map((alphaBar, i) =>
    1 - alphaBar / (i === 0 ? 1 : table[i - 1]!)
  );
  if (betas.length === 0) {
    throw new RangeError(
      "Cannot make a schedule as 'alphaBars' must have entries: current value is []",
    );
  }
  betas.forEach(requireBeta);
  return { length: table.length, betas, alphaBars: table };
}

function requireBeta(beta: number, i: number, betas: Float64Array): void {
  if (!(beta > 0 && (beta < 1 || beta === 1 && i === betas.length - 1))) {
    throw new RangeError(
      `Cannot make a schedule as 'betas[${i}]' must be in (0, 1), or 1 at the end: current value is ${beta}`,
    );
  }
}

/** The clean image as a level of a discrete process, before index 0. */
export const CLEAN: Level = { alpha: 1, sigma: 0, t: -1 };

/**
 * The noise level of an index.
 *
 * @param schedule Discrete process.
 * @param index Integer from −1, the clean image, to T − 1.
 * @returns Level with `t` = index.
 * @throws {RangeError} If the index does not exist.
 */
export function scheduleLevel(schedule: Schedule, index: number): Level {
  if (index === -1) return CLEAN;
  const alphaBar = schedule.alphaBars[index];
  if (alphaBar === undefined) {
    throw new RangeError(
      `Cannot find a level as 'index' must be an integer from -1 to ${
        schedule.length - 1
      }: current value is ${index}`,
    );
  }
  return vpLevel(alphaBar, index);
}
