import { betaQuantile } from "./_beta_quantile.ts";
import { requireSigmaRange } from "./_steps.ts";
import { sigmaGrid, type SigmaRange } from "./sigma_grid.ts";

/** Options of {@linkcode betaSigmas}. */
export interface BetaOptions extends SigmaRange {
  /**
   * First shape of the beta distribution, positive.
   *
   * @default {0.6}
   */
  alpha?: number;
  /**
   * Second shape of the beta distribution, positive.
   *
   * @default {0.6}
   */
  beta?: number;
}

/**
 * Quantiles of a beta distribution between the ends, which crowd the steps at both: Lee et al. (2024), "Beta sampling
 * is all you need", arXiv 2407.12173.
 *
 * @param steps Number of solver steps, an integer of at least 1.
 * @param options Ends and shapes.
 * @returns `steps + 1` sigmas, the last one 0.
 * @throws {RangeError} If a number is out of range.
 */
export function betaSigmas(
  steps: number,
  { sigmaMin = 0.002, sigmaMax = 80, alpha = 0.6, beta = 0.6 }: BetaOptions =
    {},
): Float64Array {
  requireSigmaRange(sigmaMin, sigmaMax);
  if (!(alpha > 0 && beta > 0)) {
    throw new RangeError(
      `Cannot space steps as 'alpha' and 'beta' must be positive: current value is ${alpha}, ${beta}`,
    );
  }
  return sigmaGrid(
    steps,
    (position) =>
      sigmaMin +
      betaQuantile(1 - position, alpha, beta) * (sigmaMax - sigmaMin),
  );
}
