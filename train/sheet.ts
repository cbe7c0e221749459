/**
 * Sheets of samples that a run draws of itself.
 *
 * @module
 */

import {
  clip,
  type Denoiser,
  dpmpp2m,
  edm,
  guide,
  type Network,
  sample,
} from "@emoji/diffusion";
import {
  type Condition,
  type ConditionLayout,
  encodeCondition,
} from "@emoji/diffusion/condition";
import { karrasLevels } from "@emoji/diffusion/steps";
import type { RunConfig } from "./config.ts";
import type { PredictInputs } from "./engine/engine.ts";

/** Options for {@linkcode drawSamples}. */
export interface SampleSheetOptions {
  /** One picture a condition. */
  conditions: readonly Condition[];
  /** One seed a picture. */
  seeds: readonly number[];
  /** Sampling steps. */
  steps: number;
  /** Strength of the classifier-free guidance; 1 is none. */
  guidance: number;
}

/** Draws pictures as `[n, c, h, w]` in [−1, 1] with a network that is still in training. */
export function drawSamples(
  predict: (inputs: PredictInputs) => Promise<Float32Array>,
  layout: ConditionLayout,
  config: RunConfig,
  { conditions, seeds, steps, guidance }: SampleSheetOptions,
): Promise<Float32Array> {
  const denoisers: Denoiser[] = [
    conditions,
    conditions.map(() => ({})),
  ].map((wanted) =>
    edm<Float32Array>(conditionalNetwork(predict, layout, config, wanted), {
      sigmaData: config.sigmaData,
    })
  );
  const [conditional, unconditional] = denoisers as [
    Denoiser,
    Denoiser,
  ];
  return sample<Float32Array>(
    clip<Float32Array>(guide(conditional, unconditional, guidance)),
    {
      levels: karrasLevels(steps, { sigmaMin: 0.02, sigmaMax: 80 }),
      solver: dpmpp2m(),
      size: 4 * config.size ** 2,
      seeds,
    },
  );
}

/** A network of the sampler, which thinks in `[n, c, h, w]`, over one that thinks in `[n, h, w, c]`. */
export function conditionalNetwork(
  predict: (inputs: PredictInputs) => Promise<Float32Array>,
  layout: ConditionLayout,
  { size }: RunConfig,
  conditions: readonly Condition[],
): Network {
  const condition = new Float32Array(conditions.length * layout.size);
  conditions.forEach((wanted, i) =>
    condition.set(encodeCondition(layout, wanted), i * layout.size)
  );
  return async (input, told, { images }) => {
    const output = await predict({
      count: images,
      x: toChannelsLast(input, images, 4, size * size),
      level: new Float32Array(images).fill(told),
      condition,
    });
    return toChannelsFirst(output, images, 4, size * size);
  };
}

/** `[n, channels, pixels]` to `[n, pixels, channels]`. */
export function toChannelsLast(
  x: Float32Array,
  images: number,
  channels: number,
  pixels: number,
): Float32Array {
  return transposeEach(x, images, channels, pixels);
}

/** `[n, pixels, channels]` to `[n, channels, pixels]`. */
export function toChannelsFirst(
  x: Float32Array,
  images: number,
  channels: number,
  pixels: number,
): Float32Array {
  return transposeEach(x, images, pixels, channels);
}

function transposeEach(
  x: Float32Array,
  images: number,
  rows: number,
  columns: number,
): Float32Array {
  const out = new Float32Array(x.length);
  for (let n = 0, start = 0; n < images; n++, start += rows * columns) {
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < columns; c++) {
        out[start + c * rows + r] = x[start + r * columns + c]!;
      }
    }
  }
  return out;
}
