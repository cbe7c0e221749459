import type { Level } from "../level.ts";
import { ramp, requireGrid } from "./_grid.ts";
import { sigmaLevels } from "./sigma_levels.ts";

/** Options of {@linkcode karrasSigmas}. */
export interface KarrasOptions {
  /**
   * Last noise level before the clean image.
   *
   * @default {0.002}
   */
  sigmaMin?: number;
  /**
   * First noise level.
   *
   * @default {80}
   */
  sigmaMax?: number;
  /**
   * How strongly the steps crowd at low noise; 1 spaces them evenly.
   *
   * @default {7}
   */
  rho?: number;
}

/**
 * Noise levels of Karras et al. (2022), "Elucidating the design space of diffusion-based generative models", equation 5.
 *
 * @param steps Number of solver steps, an integer of at least 1.
 * @param options End points and exponent.
 * @returns `steps + 1` decreasing sigmas: from `sigmaMax` to `sigmaMin`, then 0.
 * @throws {RangeError} If a number is out of range.
 */
export function karrasSigmas(
  steps: number,
  { sigmaMin = 0.002, sigmaMax = 80, rho = 7 }: KarrasOptions = {},
): Float64Array {
  requireGrid(steps, sigmaMin, sigmaMax);
  if (!(rho > 0 && rho < Infinity)) {
    throw new RangeError(
      `Cannot space steps as 'rho' must be a positive number: current value is ${rho}`,
    );
  }
  const first = sigmaMax ** (1 / rho);
  const last = sigmaMin ** (1 / rho);
  const sigmas = new Float64Array(steps + 1);
  for (let i = 0; i < steps; i++) {
    sigmas[i] = (first + ramp(i, steps) * (last - first)) ** rho;
  }
  return sigmas;
}

/**
 * The levels of an EDM run: {@linkcode karrasSigmas} with `alpha` 1 and `t` = sigma.
 *
 * @param steps Number of solver steps, an integer of at least 1.
 * @param options End points and exponent.
 * @returns `steps + 1` levels, noisy to clean.
 * @throws {RangeError} If a number is out of range.
 */
export function karrasLevels(
  steps: number,
  options: KarrasOptions = {},
): Level[] {
  return sigmaLevels(karrasSigmas(steps, options));
}
