import { type Floats, like } from "../floats.ts";
import { adjust, type KeepEpsilonOptions } from "./clip.ts";
import type { Denoiser } from "./denoiser.ts";

/** Options for {@linkcode threshold}. */
export interface ThresholdOptions extends KeepEpsilonOptions {
  /**
   * Share of an image's numbers that stays unclipped, in (0, 1].
   * @default {0.995}
   */
  ratio?: number;
  /**
   * Largest threshold. Imagen has none; diffusers has 1 by default, which makes this plain clipping. Below 1 it is the
   * threshold itself.
   * @default {Infinity}
   */
  max?: number;
}

/**
 * Dynamic thresholding, Saharia et al. (2022), section 2.3: the clean image is clipped to the `ratio` quantile s of its
 * absolute values, at least 1, and divided by s. It keeps strong guidance from saturating the colours.
 */
export function threshold<T extends Floats = Float32Array>(
  denoiser: Denoiser<T>,
  options: ThresholdOptions = {},
): Denoiser<T> {
  const { ratio = 0.995, max = Infinity, keepEpsilon = false } = options;
  if (!(ratio > 0 && ratio <= 1)) {
    throw new RangeError(
      `Cannot threshold as ratio must be in (0, 1]: current value is ${ratio}`,
    );
  }
  if (!(max > 0)) {
    throw new RangeError(
      `Cannot threshold as max must be > 0: current value is ${max}`,
    );
  }
  return adjust(denoiser, (x0, _level, images) => {
    const out = like(x0);
    const size = x0.length / images;
    for (let first = 0; first < x0.length; first += size) {
      const image = x0.subarray(first, first + size);
      const s = Math.min(max, Math.max(1, absoluteQuantile(image, ratio)));
      for (let i = first; i < first + size; i++) {
        out[i] = Math.min(s, Math.max(-s, x0[i]!)) / s;
      }
    }
    return out;
  }, { keepEpsilon });
}

/** The quantile of the absolute values, linear between neighbours as in torch and numpy. */
export function absoluteQuantile(values: Floats, ratio: number): number {
  const sorted = values.map(Math.abs).sort();
  const position = ratio * (sorted.length - 1);
  const low = Math.floor(position);
  const a = sorted[low]!;
  const b = sorted[Math.min(low + 1, sorted.length - 1)]!;
  return a + (b - a) * (position - low);
}
