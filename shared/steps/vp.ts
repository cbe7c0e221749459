import { sigmaGrid } from "./sigma_grid.ts";

/** Options of {@linkcode vpSigmas}. */
export interface VpOptions {
  /**
   * How much β grows over the unit of time.
   *
   * @default {19.9}
   */
  betaD?: number;
  /**
   * β at time 0.
   *
   * @default {0.1}
   */
  betaMin?: number;
  /**
   * Last time before the clean image, in (0, 1).
   *
   * @default {0.001}
   */
  end?: number;
}

/**
 * Even steps in the time of the continuous linear β schedule, σ = √(exp(½ β_d t² + β_min t) − 1): Song et al. (2021),
 * appendix C, and `get_sigmas_vp` of k-diffusion.
 *
 * @param steps Number of solver steps, an integer of at least 1.
 * @param options Schedule and last time.
 * @returns `steps + 1` sigmas, the last one 0.
 * @throws {RangeError} If a number is out of range.
 */
export function vpSigmas(
  steps: number,
  { betaD = 19.9, betaMin = 0.1, end = 0.001 }: VpOptions = {},
): Float64Array {
  if (!(end > 0 && end < 1)) {
    throw new RangeError(
      `Cannot space steps as 'end' must be a time between 0 and 1: current value is ${end}`,
    );
  }
  return sigmaGrid(steps, (position) => {
    const t = 1 + position * (end - 1);
    return Math.sqrt(Math.expm1(betaD * t ** 2 / 2 + betaMin * t));
  });
}
