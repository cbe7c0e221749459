import { linspace } from "../schedules/linspace.ts";
import { requireSteps } from "./_steps.ts";

/** Timesteps of Sabour et al. (2024), "Align your steps", for ten steps of Stable Diffusion 1.5. */
export const AYS_STABLE_DIFFUSION_15_TIMESTEPS: readonly number[] = [
  999,
  850,
  736,
  645,
  545,
  455,
  343,
  233,
  124,
  24,
];

/** Timesteps of Sabour et al. (2024), for ten steps of Stable Diffusion XL. */
export const AYS_STABLE_DIFFUSION_XL_TIMESTEPS: readonly number[] = [
  999,
  845,
  730,
  587,
  443,
  310,
  193,
  116,
  53,
  13,
];

/** Sigmas of Sabour et al. (2024), for ten steps of Stable Diffusion 1.5, noisy to clean, without the clean image. */
export const AYS_STABLE_DIFFUSION_15_SIGMAS: readonly number[] = [
  14.615,
  6.475,
  3.861,
  2.697,
  1.886,
  1.396,
  0.963,
  0.652,
  0.399,
  0.152,
];

/** Sigmas of Sabour et al. (2024), for ten steps of Stable Diffusion XL, noisy to clean, without the clean image. */
export const AYS_STABLE_DIFFUSION_XL_SIGMAS: readonly number[] = [
  14.615,
  6.315,
  3.771,
  2.181,
  1.342,
  0.862,
  0.555,
  0.38,
  0.234,
  0.113,
];

/** Sigmas of Sabour et al. (2024), for ten steps of Stable Video Diffusion, noisy to clean, without the clean image. */
export const AYS_STABLE_VIDEO_DIFFUSION_SIGMAS: readonly number[] = [
  700,
  54.5,
  15.886,
  7.977,
  4.248,
  1.789,
  0.981,
  0.403,
  0.173,
  0.034,
];

/**
 * A tuned grid stretched to any number of steps: straight in ln σ between its points, as Sabour et al. (2024) advise.
 *
 * @param steps Number of solver steps, an integer of at least 1.
 * @param sigmas The tuned grid, noisy to clean, all positive.
 * @returns `steps + 1` sigmas, the last one 0.
 * @throws {RangeError} If `steps` is out of range.
 */
export function alignYourStepsSigmas(
  steps: number,
  sigmas: readonly number[] = AYS_STABLE_DIFFUSION_15_SIGMAS,
): Float64Array {
  requireSteps(steps);
  if (steps === sigmas.length) return Float64Array.of(...sigmas, 0);
  const positions = linspace(0, sigmas.length - 1, steps);
  const grid = Array.from(positions, (position) => {
    const low = Math.min(Math.floor(position), sigmas.length - 2);
    const weight = position - low;
    return sigmas[low]! ** (1 - weight) * sigmas[low + 1]! ** weight;
  });
  return Float64Array.of(...grid, 0);
}
