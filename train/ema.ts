/**
 * Averages of the weights. With a power-function profile the average reaches back over a fixed share of the run, however
 * long it is (Karras et al. 2024, "Analyzing and Improving the Training Dynamics of Diffusion Models", §3.1); with a
 * fixed rate over a fixed number of steps.
 *
 * @module
 */

import type { Range } from "./optimizer.ts";

/** Exponent γ of the profile whose standard deviation is `sigmaRel` of the run: equation 6 solved for γ. */
export function powerExponent(sigmaRel: number): number {
  if (!(sigmaRel > 0 && sigmaRel < 0.28)) {
    throw new RangeError(
      `Cannot average weights as sigmaRel must be in (0, 0.28): current value is ${sigmaRel}`,
    );
  }
  // γ³ + 7γ² + (16 − σ⁻²)γ + (12 − σ⁻²) = 0; its largest root lies between 0 and σ⁻¹.
  const inverse = sigmaRel ** -2;
  let low = 0;
  let high = 1 / sigmaRel;
  for (let i = 0; i < 60; i++) {
    const gamma = (low + high) / 2;
    const value = gamma ** 3 + 7 * gamma ** 2 + (16 - inverse) * gamma + 12 -
      inverse;
    if (value < 0) low = gamma;
    else high = gamma;
  }
  return low;
}

/** Whether an average's length is a rate, which published ones are from 0.5 up, and not a share of the run. */
export function isFixedRate(length: number): boolean {
  return length >= 0.5 && length < 1;
}

/**
 * Weight of the old average at `step` (from 1).
 *
 * @param length σ_rel of a power function, β = (1 − 1/t)^(γ+1) of equation 5; from 0.5 up it is β itself, as 0.9999 in Ho
 * et al. (2020).
 */
export function averageDecay(length: number, step: number): number {
  if (isFixedRate(length)) return length;
  return (1 - 1 / step) ** (powerExponent(length) + 1);
}

/** Moves `average[from…to]` towards `weights`. */
export function updateAverage(
  average: Float32Array,
  weights: Float32Array,
  { from, to }: Range,
  decay: number,
): void {
  for (let i = from; i < to; i++) {
    average[i] = weights[i]! + decay * (average[i]! - weights[i]!);
  }
}
