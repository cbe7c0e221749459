import { philoxNoise } from "@emoji/diffusion/random";
import { type Pictures, picturesOf } from "../../../train/metrics/pictures.ts";

/** Draws pictures pixel by pixel from straight or premultiplied bytes; `pixel` gets picture, column and row. */
export function paint(
  count: number,
  size: number,
  pixel: (n: number, x: number, y: number) => readonly number[],
): Pictures {
  const bytes = new Uint8Array(4 * size * size * count);
  for (let i = 0; i < bytes.length / 4; i++) {
    const [x, y] = [i % size, Math.floor(i / size) % size];
    bytes.set(pixel(Math.floor(i / (size * size)), x, y), 4 * i);
  }
  return picturesOf(bytes, size);
}

/** Pictures of opaque coloured squares of 4 pixels in a transparent rim, all different. */
export function randomPictures(
  count: number,
  seed: number,
  size = 32,
): Pictures {
  const cells = Math.ceil(size / 4);
  const colours = new Float64Array(3 * count * cells * cells);
  philoxNoise(seed).uniform(colours);
  return paint(count, size, (n, x, y) => {
    if (Math.min(x, y) < 4 || Math.max(x, y) >= size - 4) return [0, 0, 0, 0];
    const cell = (n * cells + (y >> 2)) * cells + (x >> 2);
    const rgb = colours.subarray(3 * cell, 3 * cell + 3);
    return [...Array.from(rgb, (u) => Math.floor(256 * u)), 255];
  });
}
