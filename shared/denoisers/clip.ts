import { type Floats, like } from "../floats.ts";
import type { Level } from "../level.ts";
import {
  type Denoiser,
  epsilonOf,
  type Prediction,
  toPrediction,
  wrap,
} from "./denoiser.ts";

/** Options of wrappers that change the clean images. */
export interface KeepEpsilonOptions {
  /**
   * Whether a solver goes on with the noise the network saw, as most schedulers of diffusers do, and not with the noise
   * that goes with the changed images, as improved-diffusion does.
   * @default {false}
   */
  keepEpsilon?: boolean;
}

/** Options for {@linkcode clip}. */
export interface ClipOptions extends KeepEpsilonOptions {
  /**
   * Lowest and highest value of a clean image.
   * @default {[-1, 1]}
   */
  range?: readonly [number, number];
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
  return adjust(denoiser, (x0) => {
    const out = like(x0);
    for (let i = 0; i < x0.length; i++) {
      out[i] = Math.min(high, Math.max(low, x0[i]!));
    }
    return out;
  }, { keepEpsilon });
}

/**
 * Changes the clean images of `denoiser` by any function, the `denoised_fn` of improved-diffusion.
 *
 * @param change Makes new clean images of `images` ones, without writing to them.
 */
export function adjust<T extends Floats = Float32Array>(
  denoiser: Denoiser<T>,
  change: (x0: T, level: Level, images: number) => T | Promise<T>,
  { keepEpsilon = false }: KeepEpsilonOptions = {},
): Denoiser<T> {
  return wrap([denoiser], async (x, level, call) => {
    const prediction = toPrediction(await denoiser(x, level, call));
    const { variance } = prediction;
    const changed: Prediction<T> = {
      x0: await change(prediction.x0, level, call.images),
      ...(variance && { variance }),
      ...(keepEpsilon && { epsilon: epsilonOf(x, prediction, level) }),
    };
    return changed;
  });
}
