import type { OwnPicture } from "./image.ts";
import type { Picture } from "./png.ts";

/**
 * Scales a picture by repeating or dropping pixels: every output pixel shows the input pixel under its centre.
 *
 * @param picture The picture.
 * @param width New columns, a positive integer.
 * @param height New rows, a positive integer.
 * @returns A new picture.
 */
export function resizePixel(
  picture: Picture,
  width: number,
  height: number,
): OwnPicture {
  const rgba = new Uint8Array(4 * width * height);
  const from = new Uint32Array(Uint8Array.from(picture.rgba).buffer); // slice() of a Buffer copies nothing
  const to = new Uint32Array(rgba.buffer);
  for (let y = 0; y < height; y++) {
    const row = Math.floor((y + 0.5) * picture.height / height) * picture.width;
    for (let x = 0; x < width; x++) {
      to[y * width + x] =
        from[row + Math.floor((x + 0.5) * picture.width / width)]!;
    }
  }
  return { width, height, rgba };
}

/**
 * Scales a picture with the cubic filter of Catmull and Rom (1974), widened to the output's pixels when
 * shrinking. Colours are weighed by their alpha, so transparent pixels leave no fringe.
 *
 * Only additions, products and quotients: the same bytes on every host.
 *
 * @param picture The picture.
 * @param width New columns, a positive integer.
 * @param height New rows, a positive integer.
 * @returns A new picture.
 */
export function resizeSmooth(
  picture: Picture,
  width: number,
  height: number,
): OwnPicture {
  const columns = filterTaps(picture.width, width);
  const rows = filterTaps(picture.height, height);
  const source = premultiply(picture.rgba);
  const wide = resampleRows(
    source,
    picture.width,
    picture.height,
    columns,
    width,
  );
  const tall = resampleRows(
    transpose(wide, width, picture.height),
    picture.height,
    width,
    rows,
    height,
  );
  return { width, height, rgba: straighten(transpose(tall, height, width)) };
}

/** For each output position, the first input position it reads and the weights from there on. */
type Taps = { first: number; weights: Float64Array }[];

function filterTaps(from: number, to: number): Taps {
  const scale = Math.max(1, from / to); // of the filter, in input pixels
  return Array.from({ length: to }, (_, i) => {
    const centre = (i + 0.5) * from / to - 0.5;
    const first = Math.max(0, Math.ceil(centre - 2 * scale));
    const last = Math.min(from - 1, Math.floor(centre + 2 * scale));
    const weights = Float64Array.from(
      { length: last - first + 1 },
      (_, k) => catmullRom(Math.abs(first + k - centre) / scale),
    );
    const sum = weights.reduce((a, b) => a + b, 0);
    return { first, weights: weights.map((weight) => weight / sum) };
  });
}

function catmullRom(x: number): number {
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
}

/** Filters every row of RGBA pixels. */
function resampleRows(
  from: Float32Array,
  width: number,
  height: number,
  taps: Taps,
  columns: number,
): Float32Array {
  const to = new Float32Array(4 * columns * height);
  for (let x = 0; x < columns; x++) {
    const { first, weights } = taps[x]!;
    for (let y = 0; y < height; y++) {
      for (let channel = 0; channel < 4; channel++) {
        let at = 4 * (y * width + first) + channel;
        let sum = 0;
        for (let k = 0; k < weights.length; k++, at += 4) {
          sum += weights[k]! * from[at]!;
        }
        to[4 * (y * columns + x) + channel] = sum;
      }
    }
  }
  return to;
}

function transpose(
  pixels: Float32Array,
  width: number,
  height: number,
): Float32Array {
  const out = new Float32Array(pixels.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < 4; channel++) {
        out[4 * (x * height + y) + channel] =
          pixels[4 * (y * width + x) + channel]!;
      }
    }
  }
  return out;
}

/** Bytes to premultiplied values in [0, 255]. */
function premultiply(rgba: Uint8Array): Float32Array {
  const out = new Float32Array(rgba.length);
  for (let i = 0; i < rgba.length; i += 4) {
    const alpha = rgba[i + 3]!;
    for (let channel = 0; channel < 3; channel++) {
      out[i + channel] = rgba[i + channel]! * alpha / 255;
    }
    out[i + 3] = alpha;
  }
  return out;
}

function straighten(pixels: Float32Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(pixels.length);
  for (let i = 0; i < pixels.length; i += 4) {
    const alpha = Math.min(255, pixels[i + 3]!);
    if (alpha < 0.5) continue;
    for (let channel = 0; channel < 3; channel++) {
      const colour = Math.min(alpha, Math.max(0, pixels[i + channel]!));
      out[i + channel] = Math.floor(colour * 255 / alpha + 0.5);
    }
    out[i + 3] = Math.floor(alpha + 0.5);
  }
  return out;
}
