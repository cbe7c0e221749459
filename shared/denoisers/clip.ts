import { type Floats, like } from "../floats.ts";
import { type Denoiser, epsilonOf, toPrediction } from "./denoiser.ts";

/** Options for {@linkcode clip}. */
export interface ClipOptions {
  /**
   * Lowest and highest value of a clean image.
   * @default {[-1, 1]}
   */
  range?: readonly [number, number];
  /**
   * Whether a solver goes on with the noise the network saw, as the schedulers of diffusers do, and not with the noise
   * that goes with the clipped image, as improved-diffusion does.
   * @default {false}
   */
  keepEpsilon?: boolean;
}

/** Clips the clean images of `denoiser` to the range of the data. */
export function clip<T extends Floats = Float32Array>(
  denoiser: Denoiser<T>,
  options: ClipOptions = {},
): Denoiser<T> {
  const { range: [low, high] = [-1, 1], keepEpsilon = false } = options;
  if (!(low < high)) {
    throw new RangeError(
      `Cannot clip as range must be increasing: current value is [${low}, ${high}]`,
    );
  }
  return Object.assign(async (...[x, level, call]: Parameters<Denoiser<T>>) => {
    const prediction = toPrediction(await denoiser(x, level, call));
    const { x0, variance } = prediction;
    const clipped = like(x0);
    for (let i = 0; i < x0.length; i++) {
      clipped[i] = Math.min(high, Math.max(low, x0[i]!));
    }
    return {
      x0: clipped,
      ...(variance && { variance }),
      ...(keepEpsilon && { epsilon: epsilonOf(x, prediction, level) }),
    };
  }, denoiser.check && { check: denoiser.check });
}
