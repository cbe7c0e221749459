import { pictureAt, type Pictures } from "./pictures.ts";

/** How clean the transparency of pictures is; means over the pictures. */
export interface Transparency {
  /** Share of pixels with alpha in (8, 247) that are no edge, 0 to 1: haze, holes and speckles. */
  readonly haze: number;
  /** Alpha of the four corner pixels, 0 to 1. */
  readonly corners: number;
}

/** Pixels nearer than this to the other side of the edge may be half transparent. */
const RIM = 2;

/** Measures transparency; the edge lies where alpha passes one half, the rim is the square of 2 pixels around it. */
export function transparency(pictures: Pictures): Transparency {
  const { size, count } = pictures;
  let haze = 0;
  let corners = 0;
  for (let n = 0; n < count; n++) {
    const picture = pictureAt(pictures, n);
    const alpha = Uint8Array.from(
      { length: size * size },
      (_, p) => picture[4 * p + 3]!,
    );
    alpha.forEach((a, p) => {
      const hazy = a > 8 && a < 247;
      if (hazy && !isRim(alpha, size, p % size, Math.floor(p / size))) haze++;
    });
    const last = size - 1;
    for (const p of [0, last, last * size, last * size + last]) {
      corners += alpha[p]! / (4 * 255);
    }
  }
  return { haze: haze / (count * size * size), corners: corners / count };
}

/** Whether the pixels around are on both sides of the edge. */
function isRim(alpha: Uint8Array, size: number, x: number, y: number): boolean {
  const side = alpha[y * size + x]! >= 128;
  const [top, bottom] = [Math.max(0, y - RIM), Math.min(size - 1, y + RIM)];
  const [left, right] = [Math.max(0, x - RIM), Math.min(size - 1, x + RIM)];
  for (let v = top; v <= bottom; v++) {
    for (let u = left; u <= right; u++) {
      if ((alpha[v * size + u]! >= 128) !== side) return true;
    }
  }
  return false;
}
