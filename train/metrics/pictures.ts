/**
 * Pictures as the metrics see them: premultiplied RGBA bytes, whether they come from a data set or from a model.
 *
 * @module
 */

import { drawnShape, type ModelConfig } from "@emoji/diffusion/model-config";
import type { OwnPicture } from "@emoji/diffusion/image";
import { premultiply, straighten } from "../data/premultiply.ts";
import type { Dataset } from "../dataset.ts";
import { toPictures } from "../sheet.ts";

/** Square pictures of one size. */
export interface Pictures {
  /** Premultiplied RGBA, `[count, size, size, 4]`. */
  readonly bytes: Uint8Array;
  /** Height and width in pixels. */
  readonly size: number;
  /** Number of pictures. */
  readonly count: number;
}

/** Names the shape of `bytes`. */
export function picturesOf(bytes: Uint8Array, size: number): Pictures {
  return { bytes, size, count: bytes.length / (4 * size * size) };
}

/** One of the pictures, as a view. */
export function pictureAt(
  { bytes, size }: Pictures,
  index: number,
): Uint8Array {
  const values = 4 * size * size;
  return bytes.subarray(index * values, (index + 1) * values);
}

/** The pictures from `from` to `to`, as a view. */
export function slicePictures(
  { bytes, size }: Pictures,
  from: number,
  to: number,
): Pictures {
  const values = 4 * size * size;
  return picturesOf(bytes.subarray(from * values, to * values), size);
}

/** Pictures of a data set; those without alpha become opaque. */
export function realPictures(
  { manifest: { size, channels }, pictures }: Dataset,
  indices: readonly number[],
): Pictures {
  const pixels = size * size;
  const bytes = new Uint8Array(4 * pixels * indices.length).fill(255);
  indices.forEach((index, row) => {
    for (let p = 0; p < pixels; p++) {
      const from = channels * (index * pixels + p);
      for (let c = 0; c < channels; c++) {
        bytes[4 * (row * pixels + p) + c] = pictures[from + c]!;
      }
    }
  });
  return { bytes, size, count: indices.length };
}

/** Pictures that a model drew in `steps` or its default number of steps, exactly as it would serve them. */
export function drawnPictures(
  config: ModelConfig,
  planes: Float32Array,
  steps?: number,
): Pictures {
  const drawn = toPictures(config, planes, steps);
  const { width: size } = drawnShape(config);
  const bytes = new Uint8Array(4 * size * size * drawn.length);
  drawn.forEach(({ rgba }, row) =>
    bytes.set(premultiply(rgba), row * rgba.length)
  );
  return { bytes, size, count: drawn.length };
}

/** One of the pictures with straight RGBA, for sheets. */
export function toPicture(pictures: Pictures, index: number): OwnPicture {
  const { size } = pictures;
  const rgba = straighten(pictureAt(pictures, index));
  return { width: size, height: size, rgba };
}

/** Planes `[count, channels, size, size]` in [−1, 1], as networks take them; the first channels where not all are wanted. */
export function toPlanes(
  { bytes, size, count }: Pictures,
  channels = 4,
): Float32Array {
  const pixels = size * size;
  const planes = new Float32Array(count * channels * pixels);
  for (let n = 0; n < count; n++) {
    for (let p = 0; p < pixels; p++) {
      for (let c = 0; c < channels; c++) {
        planes[(channels * n + c) * pixels + p] =
          bytes[4 * (n * pixels + p) + c]! / 127.5 - 1;
      }
    }
  }
  return planes;
}

/**
 * Scales pictures down by the mean of square blocks.
 *
 * @throws {RangeError} If `size` does not divide theirs.
 */
export function shrink(pictures: Pictures, size: number): Pictures {
  const { bytes, count } = pictures;
  if (pictures.size === size) return pictures;
  const factor = pictures.size / size;
  if (!Number.isInteger(factor)) {
    throw new RangeError(
      `Cannot shrink pictures to ${size} pixels as it must divide their size: current value is ${pictures.size}`,
    );
  }
  const out = new Uint8Array(4 * size * size * count);
  for (let k = 0; k < out.length; k++) {
    const c = k % 4;
    const x = (k >> 2) % size;
    const row = Math.floor((k >> 2) / size); // of all pictures
    let sum = 0;
    for (let dy = 0; dy < factor; dy++) {
      for (let dx = 0; dx < factor; dx++) {
        const pixel = (row * factor + dy) * pictures.size + x * factor + dx;
        sum += bytes[4 * pixel + c]!;
      }
    }
    out[k] = Math.round(sum / factor ** 2);
  }
  return { bytes: out, size, count };
}
