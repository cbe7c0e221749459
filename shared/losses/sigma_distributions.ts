import { normalQuantile } from "../random/normal_quantile.ts";

/**
 * A training distribution of noise levels, given by its quantiles: turns a uniform number in (0, 1) into a sigma. Feed it random numbers, or one number from
 * each of n equal parts of (0, 1) to spread a batch over the levels.
 */
export type SigmaDistribution = (uniform: number) => number;

/** Options of {@linkcode logNormalSigma}. */
export interface LogNormalOptions {
  /**
   * Mean of ln sigma.
   *
   * @default {-1.2}
   */
  mean?: number;
  /**
   * Standard deviation of ln sigma, not negative.
   *
   * @default {1.2}
   */
  std?: number;
}

/**
 * ln sigma is normal: the training distribution of Karras et al. (2022), table 1.
 *
 * @param options Mean and standard deviation of ln sigma.
 * @returns Quantile function.
 * @throws {RangeError} If `std` is negative or a number is not finite.
 */
export function logNormalSigma(
  { mean = -1.2, std = 1.2 }: LogNormalOptions = {},
): SigmaDistribution {
  if (!Number.isFinite(mean) || !(std >= 0 && std < Infinity)) {
    throw new RangeError(
      `Cannot draw sigma as 'mean' must be finite and 'std' finite and not negative: current value is ${mean}, ${std}`,
    );
  }
  return (uniform) => Math.exp(mean + std * normalQuantile(uniform));
}
