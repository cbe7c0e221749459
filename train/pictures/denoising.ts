/**
 * Watches pictures being denoised.
 *
 * @module
 */

import type { Level } from "@emoji/diffusion";
import { type OwnPicture, tile } from "@emoji/diffusion/image";
import {
  type DrawOptions,
  drawPlanes,
  type ModelNetwork,
} from "@emoji/diffusion/model-sampler";
import type { ModelConfig } from "@emoji/diffusion/model-config";
import { toPictures } from "../sheet.ts";
import { stack, titled } from "./pixel_text.ts";

/** A moment of a run. */
export interface DenoisingFrame {
  /** Noise level of `x`. */
  readonly level: Level;
  /** The noisy pictures, divided by √(alpha² + sigma²) so that pure noise has deviation 1: planes, one picture after the other. */
  readonly x: Float32Array;
  /** The clean pictures as the network saw them there. */
  readonly x0: Float32Array;
}

/** Draws pictures and keeps every step; the last frame is the result. */
export async function recordDenoising(
  config: ModelConfig,
  network: ModelNetwork,
  options: DrawOptions,
): Promise<DenoisingFrame[]> {
  const frames: DenoisingFrame[] = [];
  const result = await drawPlanes(config, network, {
    ...options,
    onStep(event) {
      const { level, x0 } = event;
      const epsilon = event.epsilon();
      const scale = 1 / Math.hypot(level.alpha, level.sigma);
      const x = x0.map((value, i) =>
        scale * (level.alpha * value + level.sigma * epsilon[i]!)
      );
      frames.push({ level, x, x0 });
      return options.onStep?.(event);
    },
  });
  const level = { alpha: 1, sigma: 0, t: 0 };
  return [...frames, { level, x: result, x0: result }];
}

/** At most `count` of the frames, evenly spread up to the last one; from two on the first is among them. */
export function spread<T>(frames: readonly T[], count: number): T[] {
  if (frames.length <= count) return [...frames];
  const last = frames.length - 1;
  const gap = last / Math.max(1, count - 1);
  return Array.from(
    { length: count },
    (_, i) => frames[Math.round(last - gap * (count - 1 - i))]!,
  );
}

/**
 * Lays frames of a run of `steps` out from left to right under their σ: for each picture a row of `x` and below it a row
 * of `x0`.
 */
export function denoisingStrip(
  config: ModelConfig,
  frames: readonly DenoisingFrame[],
  steps?: number,
): OwnPicture {
  const columns = frames.map(({ level, x, x0 }) => {
    const below = toPictures(config, x0, steps);
    const pictures = toPictures(config, x, steps).flatMap((
      picture,
      i,
    ) => [picture, below[i]!]);
    const sigma = level.sigma / level.alpha;
    return titled(`σ ${sigma.toFixed(sigma < 10 ? 2 : 0)}`, stack(pictures, 2));
  });
  return tile(columns, { columns: columns.length, gap: 2 });
}
