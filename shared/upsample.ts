/**
 * Larger pictures than are sampled: a second network draws their detail.
 *
 * @module
 */

import { type ImageShape, pictureSize } from "./image.ts";
import type { ModelConfig, ModelFile, Upsampler } from "./model_config.ts";
import type { ModelNetwork } from "./model_sampler.ts";
import { openProcess } from "./open_process.ts";
import { processDenoiser } from "./process_denoiser.ts";

/** Shape of a model's finished pictures. */
export function drawnShape(
  { image, upsampler }: Pick<ModelConfig, "image" | "upsampler">,
): ImageShape {
  const { scale } = upsampler ?? { scale: 1 };
  return { ...image, width: scale * image.width, height: scale * image.height };
}

/** Shape of some of a model's pictures: finished, or on their way. */
export function shapeOf(
  config: Pick<ModelConfig, "image" | "upsampler">,
  planes: Float32Array,
): ImageShape {
  const { image } = config;
  return planes.length === pictureSize(image) ? image : drawnShape(config);
}

/** The files of a model's networks. */
export function filesOf(
  { model, upsampler }: Pick<ModelConfig, "model" | "upsampler">,
): ModelFile[] {
  return upsampler ? [model, upsampler.model] : [model];
}

/**
 * Enlarges pictures with the answer of an upsampler to their pixels as squares, taken to have the noise it was tuned for.
 *
 * @param upsampler The model's upsampler.
 * @param network Its network.
 * @param planes Pictures, `[images, channels, height, width]`.
 * @param image Shape of each.
 * @returns `[images, channels, scale · height, scale · width]`.
 */
export async function upsample(
  { scale, process, level }: Omit<Upsampler, "model">,
  network: ModelNetwork,
  planes: Float32Array,
  image: ImageShape,
): Promise<Float32Array> {
  const denoiser = processDenoiser(
    process,
    (x, told, call) => network(x, told, new Float32Array(0), call),
  );
  const answer = await denoiser(
    repeatPixels(planes, image.width, scale),
    openProcess(process).level(level),
    { images: planes.length / pictureSize(image), step: 0 },
  );
  return ArrayBuffer.isView(answer) ? answer : answer.x0;
}

/** Every pixel as a square of `scale` × `scale`. */
function repeatPixels(
  planes: Float32Array,
  width: number,
  scale: number,
): Float32Array {
  const out = new Float32Array(planes.length * scale ** 2);
  const wide = width * scale;
  for (let k = 0; k < out.length; k++) {
    const row = Math.floor(k / wide); // of all planes
    const from = Math.floor(row / scale) * width;
    out[k] = planes[from + Math.floor(k % wide / scale)]!;
  }
  return out;
}
