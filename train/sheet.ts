/**
 * Sheets of samples, drawn by the very code that serves the model.
 *
 * @module
 */

import type { Condition } from "@emoji/diffusion/condition";
import {
  type OwnPicture,
  pictureSize,
  planesToPicture,
  tile,
} from "@emoji/diffusion/image";
import { drawnShape, type ModelConfig } from "@emoji/diffusion/model-config";
import {
  alphaSnap,
  drawPlanes,
  type ModelNetwork,
  planSampling,
  type SamplingRequest,
} from "@emoji/diffusion/model-sampler";
import type { Seed } from "@emoji/diffusion/random";
import type { PredictInputs } from "./engine/engine.ts";
import { faultyPlan, type SamplingFaults, stretchPictures } from "./faults.ts";

/** What to draw: picture k has seed `seeds[k]` and condition `conditions[k]`. */
export interface SheetOptions extends SamplingRequest {
  /** One seed a picture. */
  seeds: readonly Seed[];
  /** One condition a picture. */
  conditions: readonly Condition[];
  /**
   * Pictures drawn at once.
   * @default {64}
   */
  batch?: number;
  /** The network of the model's upsampler, where it has one. */
  upsampler?: ModelNetwork | undefined;
  /** Pictures a row of the sheet. */
  columns?: number | undefined;
  /** Mistakes to make. */
  faults?: SamplingFaults | undefined;
}

/** Draws pictures one after the other, as `[n, c, h, w]` in [−1, 1]. */
export async function drawSamples(
  config: ModelConfig,
  network: ModelNetwork,
  options: SheetOptions,
): Promise<Float32Array> {
  const { seeds, conditions, batch = 64, faults = {}, upsampler, ...request } =
    options;
  const size = pictureSize(drawnShape(config));
  const planes = new Float32Array(seeds.length * size);
  const plan = faultyPlan(planSampling(config, request), faults);
  for (let from = 0; from < seeds.length; from += batch) {
    const drawn = await drawPlanes(config, network, {
      seeds: seeds.slice(from, from + batch),
      condition: conditions.slice(from, from + batch),
      plan,
      upsampler,
    });
    planes.set(drawn, from * size);
  }
  if (faults.stretch) stretchPictures(planes, size);
  return planes;
}

/** Draws pictures and tiles them. */
export async function drawSheet(
  config: ModelConfig,
  network: ModelNetwork,
  options: SheetOptions,
): Promise<OwnPicture> {
  const planes = await drawSamples(config, network, options);
  return tile(toPictures(config, planes, options.steps), {
    gap: 2,
    ...(options.columns && { columns: options.columns }),
  });
}

/** Pictures of planes that lie one after the other, drawn in `steps` or the model's default number of steps. */
export function toPictures(
  config: ModelConfig,
  planes: Float32Array,
  steps?: number,
): OwnPicture[] {
  const options = { alphaSnap: alphaSnap(config, steps) };
  const shape = drawnShape(config);
  const size = pictureSize(shape);
  return Array.from(
    { length: planes.length / size },
    (_, i) =>
      planesToPicture(
        planes.subarray(i * size, (i + 1) * size),
        shape,
        options,
      ),
  );
}

/** The network of a sampler, which thinks in `[n, c, h, w]`, over a trainer's, which thinks in `[n, h, w, c]`. */
export function channelsFirst(
  { width, height }: ModelConfig["image"],
  predict: (inputs: PredictInputs) => Promise<Float32Array>,
): ModelNetwork {
  const pixels = width * height;
  return async (x, level, condition, { images: count }) => {
    // A network may be given or answer more channels than the picture has.
    const channelsIn = x.length / (count * pixels);
    const output = await predict({
      count,
      x: transposeEach(x, count, channelsIn, pixels),
      level: new Float32Array(count).fill(level),
      condition: condition.slice(),
    });
    const channelsOut = output.length / (count * pixels);
    return transposeEach(output, count, pixels, channelsOut);
  };
}

/** Exchanges rows and columns of each of `count` matrices. */
export function transposeEach(
  x: Float32Array,
  count: number,
  rows: number,
  columns: number,
): Float32Array {
  const out = new Float32Array(x.length);
  let start = 0;
  for (let n = 0; n < count; n++, start += rows * columns) {
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < columns; c++) {
        out[start + c * rows + r] = x[start + r * columns + c]!;
      }
    }
  }
  return out;
}
