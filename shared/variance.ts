/**
 * Variances of the reverse step p(x_s | x_t), fixed and learned.
 *
 * @module
 */
import { type Level, posterior } from "./level.ts";

export type { Level };

/** ln Σ = base + slope · raw, where raw is a network's output, in [−1, 1] for the learned range. */
export interface LogVariance {
  /** ln Σ without the network. */
  readonly base: number;
  /** Weight of the network's output; 0 for fixed variances. */
  readonly slope: number;
}

/**
 * The bounds of the variance of a reverse step, which are reached for data of a single point and for data that is white
 * noise.
 */
export interface VarianceBounds {
  /** ln β̃, the log variance of the posterior q(x_s | x_t, x0). */
  readonly small: number;
  /** ln β, the log variance of the forward step. */
  readonly large: number;
  /** Whether the step ends in the clean image, where β̃ is 0 and `small` stands in for it. */
  readonly last: boolean;
}

/**
 * A choice of Σ, of which each published one is a case. All are kept as logarithms, so none can be taken for another's
 * square root.
 */
export type VarianceType = (bounds: VarianceBounds) => LogVariance;

/** Σ = β̃: "fixed_small" and "fixed_small_log". */
export function fixedSmall({ small }: VarianceBounds): LogVariance {
  return { base: small, slope: 0 };
}

/**
 * Σ = β, but β̃ of the step before in the last one: "fixed_large" and "fixed_large_log" of improved-diffusion, where
 * its decoder needs it.
 */
export function fixedLarge(
  { small, large, last }: VarianceBounds,
): LogVariance {
  return { base: last ? small : large, slope: 0 };
}

/** The network returns ln Σ: "learned". */
export function learned(): LogVariance {
  return { base: 0, slope: 1 };
}

/**
 * The network returns where ln Σ lies between the bounds, −1 for ln β̃ and 1 for ln β: Nichol and Dhariwal (2021),
 * equation 15.
 */
export function learnedRange({ small, large }: VarianceBounds): LogVariance {
  return { base: (small + large) / 2, slope: (large - small) / 2 };
}

/**
 * The posterior variance β̃ of a step between any two levels, with β recomputed for skipped ones: Ho et al. (2020),
 * equation 7.
 *
 * @param level Level of the step's start.
 * @param next Cleaner level of its end.
 * @returns Variance, 0 for the step to the clean image.
 */
export function smallVariance(level: Level, next: Level): number {
  return posterior(level, next).variance;
}

/**
 * The forward variance β of a step between any two levels: 1 − ᾱ_t / ᾱ_s for a variance-preserving process.
 *
 * @param level Level of the step's start.
 * @param next Cleaner level of its end.
 * @returns Variance.
 */
export function largeVariance(level: Level, next: Level): number {
  return posterior(level, next).beta;
}

/**
 * The variance that a network has learned as ln Σ.
 *
 * @returns Variance as a function of the network's output.
 */
export function learnedVariance(): (raw: number) => number {
  return Math.exp;
}

/**
 * The variance that a network has learned as a place in the range from β̃ to β, for a step between any two levels:
 * Nichol and Dhariwal (2021), equation 15.
 *
 * @param level Level of the step's start.
 * @param next Cleaner level of its end.
 * @returns Variance as a function of the network's output, which is in [−1, 1].
 */
export function learnedRangeVariance(
  level: Level,
  next: Level,
): (raw: number) => number {
  const { variance, beta } = posterior(level, next);
  const last = next.sigma === 0;
  const { base, slope } = learnedRange({
    small: Math.log(Math.max(variance, 1e-20)),
    large: Math.log(beta),
    last,
  });
  return (raw) => Math.exp(base + slope * raw);
}
