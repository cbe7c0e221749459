import { requireSteps } from "./_steps.ts";

/** A curve of noise levels: sigma at a position in [0, 1] of the run, decreasing. */
export type SigmaCurve = (position: number) => number;

/** Ends of a curve of sigmas. */
export interface SigmaRange {
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
}

/**
 * Evenly spaced points of a curve, and the clean image.
 *
 * @param steps Number of solver steps, an integer of at least 1. A single step starts at position 0.
 * @param curve Sigma as a function of the position.
 * @returns `steps + 1` sigmas, the last one 0.
 * @throws {RangeError} If `steps` is out of range.
 */
export function sigmaGrid(steps: number, curve: SigmaCurve): Float64Array {
  requireSteps(steps);
  const sigmas = new Float64Array(steps + 1);
  for (let i = 0; i < steps; i++) {
    sigmas[i] = curve(steps > 1 ? i / (steps - 1) : 0);
  }
  return sigmas;
}

/**
 * Sigmas of a consistency model, Song et al. (2023): a curve over the T levels it was trained on, at the timesteps
 * picked.
 *
 * @param length Number of levels T, 40 for the published models.
 * @param timesteps Decreasing indices, such as {@linkcode leadingTimesteps} gives.
 * @param curve Sigma as a function of the position, {@linkcode karrasCurve} for the published models.
 * @returns One sigma a timestep, then the curve's end, at which the model returns its input.
 */
export function consistencySigmas(
  length: number,
  timesteps: readonly number[],
  curve: SigmaCurve,
): Float64Array {
  const positions = timesteps.map((t) => t / (length - 1)).reverse();
  return Float64Array.from([...positions, 1], curve);
}
