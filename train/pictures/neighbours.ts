import {
  type ImageShape,
  type OwnPicture,
  pictureSize,
} from "@emoji/diffusion/image";
import { straighten } from "../data/premultiply.ts";
import type { Dataset } from "../dataset.ts";

/** A training picture near a sample. */
export interface Neighbour {
  /** Its index in the data set. */
  readonly index: number;
  /** Whether its mirror image is the nearer one. */
  readonly flipped: boolean;
  /** Root of the mean squared difference of the values in [−1, 1]. */
  readonly distance: number;
}

/**
 * Finds the training pictures, as they are or mirrored, that are nearest to each sample.
 *
 * @param planes Samples in [−1, 1], `[n, channels, height, width]`, of the size and the encoding of the data set.
 * @param shape Shape of a sample.
 * @param count How many neighbours a sample.
 * @returns The neighbours of each sample, the nearest first.
 */
export function nearestPictures(
  planes: Float32Array,
  shape: ImageShape,
  dataset: Dataset,
  count: number,
): Neighbour[][] {
  const size = pictureSize(shape);
  return Array.from({ length: planes.length / size }, (_, k) => {
    const sample = planes.subarray(k * size, (k + 1) * size);
    const bytes = channelsLast(sample, shape);
    const mirror = channelsLast(sample, shape, true);
    return dataset.train.map((index) => {
      const picture = dataset.pictures.subarray(
        index * size,
        (index + 1) * size,
      );
      const plain = squares(bytes, picture);
      const mirrored = squares(mirror, picture);
      return {
        index,
        flipped: mirrored < plain,
        distance: Math.sqrt(Math.min(plain, mirrored) / size) / 127.5,
      };
    }).sort((a, b) => a.distance - b.distance).slice(0, count);
  });
}

/** A sample as a row of the data set would hold it, but not rounded: [h, w, c] in [0, 255]. */
function channelsLast(
  sample: Float32Array,
  { width, height, channels }: ImageShape,
  mirrored = false,
): Float32Array {
  const out = new Float32Array(sample.length);
  let at = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const column = mirrored ? width - 1 - x : x;
      for (let c = 0; c < channels; c++) {
        out[at++] = 127.5 * (sample[(c * height + y) * width + column]! + 1);
      }
    }
  }
  return out;
}

function squares(a: Float32Array, b: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = a[i]! - b[i]!;
    sum += difference * difference;
  }
  return sum;
}

/** A picture of a data set, mirrored if asked for. */
export function datasetPicture(
  { manifest: { size, channels }, pictures }: Dataset,
  { index, flipped }: Pick<Neighbour, "index" | "flipped">,
): OwnPicture {
  const premultiplied = new Uint8Array(4 * size * size).fill(255);
  for (let pixel = 0; pixel < size * size; pixel++) {
    const x = pixel % size;
    const column = flipped ? size - 1 - x : x;
    const from = (index * size * size + pixel - x + column) * channels;
    premultiplied.set(pictures.subarray(from, from + channels), 4 * pixel);
  }
  return { width: size, height: size, rgba: straighten(premultiplied) };
}
