import { requireRho, requireSigmaRange } from "./_steps.ts";
import { sigmaGrid, type SigmaRange } from "./sigma_grid.ts";

/** Options of {@linkcode polyexponentialSigmas}. */
export interface PolyexponentialOptions extends SigmaRange {
  /**
   * Exponent of the position; above 1 the steps crowd at low noise.
   *
   * @default {1}
   */
  rho?: number;
}

/**
 * Straight in ln σ: `get_sigmas_exponential` of k-diffusion, the VE grid of Karras et al. (2022), and the grid uniform
 * in λ of Lu et al. (2022).
 *
 * @param steps Number of solver steps, an integer of at least 1.
 * @param options Ends.
 * @returns `steps + 1` sigmas, the last one 0.
 * @throws {RangeError} If a number is out of range.
 */
export function exponentialSigmas(
  steps: number,
  options: SigmaRange = {},
): Float64Array {
  return polyexponentialSigmas(steps, options);
}

/**
 * A power of the position in ln σ: `get_sigmas_polyexponential` of k-diffusion.
 *
 * @param steps Number of solver steps, an integer of at least 1.
 * @param options Ends and exponent.
 * @returns `steps + 1` sigmas, the last one 0.
 * @throws {RangeError} If a number is out of range.
 */
export function polyexponentialSigmas(
  steps: number,
  { sigmaMin = 0.002, sigmaMax = 80, rho = 1 }: PolyexponentialOptions = {},
): Float64Array {
  requireSigmaRange(sigmaMin, sigmaMax);
  requireRho(rho);
  const last = Math.log(sigmaMin);
  const range = Math.log(sigmaMax) - last;
  return sigmaGrid(steps, (position) => {
    if (position === 0) return sigmaMax; // to the last bit, so that its index in a schedule is whole
    return Math.exp((1 - position) ** rho * range + last);
  });
}
