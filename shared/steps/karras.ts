import type { Level } from "../level.ts";
import { requireSigmaRange } from "./_steps.ts";
import { type SigmaCurve, sigmaGrid, type SigmaRange } from "./sigma_grid.ts";
import { sigmaLevels } from "./sigma_levels.ts";

/** Options of {@linkcode karrasSigmas}. */
export interface KarrasOptions extends SigmaRange {
  /**
   * How strongly the steps crowd at low noise: 1 spaces them evenly in σ, ±Infinity in ln σ, a negative number crowds them
   * more than that.
   *
   * @default {7}
   */
  rho?: number;
}

/**
 * The curve of Karras et al. (2022), "Elucidating the design space of diffusion-based generative models", equation 5:
 * straight in σ^(1/ρ), and for an endless ρ in ln σ.
 *
 * @param options Ends and exponent.
 * @returns Sigma as a function of the position.
 * @throws {RangeError} If a number is out of range.
 */
export function karrasCurve(
  { sigmaMin = 0.002, sigmaMax = 80, rho = 7 }: KarrasOptions = {},
): SigmaCurve {
  requireSigmaRange(sigmaMin, sigmaMax);
  if (!(Math.abs(rho) > 0)) {
    throw new RangeError(
      `Cannot space steps as 'rho' must be a number other than 0: current value is ${rho}`,
    );
  }
  if (Math.abs(rho) === Infinity) {
    return (position) => sigmaMax * (sigmaMin / sigmaMax) ** position;
  }
  const first = sigmaMax ** (1 / rho);
  const last = sigmaMin ** (1 / rho);
  return (position) => (first + position * (last - first)) ** rho;
}

/**
 * Noise levels of Karras et al. (2022), equation 5.
 *
 * @param steps Number of solver steps, an integer of at least 1.
 * @param options Ends and exponent.
 * @returns `steps + 1` decreasing sigmas: from `sigmaMax` to `sigmaMin`, then 0.
 * @throws {RangeError} If a number is out of range.
 */
export function karrasSigmas(
  steps: number,
  options: KarrasOptions = {},
): Float64Array {
  return sigmaGrid(steps, karrasCurve(options));
}

/**
 * The levels of an EDM run: {@linkcode karrasSigmas} with `alpha` 1 and `t` = sigma.
 *
 * @param steps Number of solver steps, an integer of at least 1.
 * @param options Ends and exponent.
 * @returns `steps + 1` levels, noisy to clean.
 * @throws {RangeError} If a number is out of range.
 */
export function karrasLevels(
  steps: number,
  options: KarrasOptions = {},
): Level[] {
  return sigmaLevels(karrasSigmas(steps, options));
}
