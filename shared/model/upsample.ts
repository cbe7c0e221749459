/**
 * Larger pictures than are sampled: a second network draws their detail.
 *
 * @module
 */

import { type ImageShape, pictureSize } from "../image.ts";
import type { Upsampler } from "./config.ts";
import type { ModelNetwork } from "./model_denoiser.ts";
import { openProcess } from "./open_process.ts";
import { processDenoiser } from "./process_denoiser.ts";

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
