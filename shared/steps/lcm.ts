import { linspace } from "../schedules/linspace.ts";
import { requireTimesteps } from "./_timesteps.ts";

/** Options of {@linkcode lcmTimesteps}. */
export interface LcmTimestepsOptions {
  /**
   * Number of steps the network was distilled on.
   *
   * @default {50}
   */
  originalSteps?: number;
  /**
   * Share of those steps to start from, for image-to-image, in (0, 1].
   *
   * @default {1}
   */
  strength?: number;
}

/**
 * A subset of the timesteps that a latent consistency model was distilled on, Luo et al. (2023): "LCMScheduler" and
 * "TCDScheduler" of diffusers.
 *
 * @param length Number of levels T.
 * @param steps Number of steps n.
 * @param options Steps of the distillation and strength.
 * @returns n decreasing indices.
 * @throws {RangeError} If n is larger than the steps of the distillation.
 */
export function lcmTimesteps(
  length: number,
  steps: number,
  { originalSteps = 50, strength = 1 }: LcmTimestepsOptions = {},
): number[] {
  const stride = Math.floor(length / originalSteps);
  const kept = Math.floor(originalSteps * strength);
  if (!(kept >= steps)) {
    throw new RangeError(
      `Cannot space steps as 'steps' must be at most the ${kept} steps of the distillation: current value is ${steps}`,
    );
  }
  const picked = linspace(0, kept, steps + 1).subarray(0, steps); // endpoint left out
  return requireTimesteps(
    Array.from(picked, (i) => (kept - Math.floor(i)) * stride - 1),
    length,
    steps,
  );
}
