import type { Augmentation } from "./config.ts";

/** What is done to a picture. */
export interface Change {
  /** Whether it is mirrored. */
  flip: boolean;
  /** Pixels to the right. */
  dx: number;
  /** Pixels down. */
  dy: number;
}

/** Chooses a change; the other arguments are uniform numbers in (0, 1). */
export function chooseChange(
  { flip: flipChance, shift, shiftPixels }: Augmentation,
  flip: number,
  move: number,
  dx: number,
  dy: number,
): Change {
  const pixels = (u: number) =>
    move < shift ? Math.floor(u * (2 * shiftPixels + 1)) - shiftPixels : 0;
  return { flip: flip < flipChance, dx: pixels(dx), dy: pixels(dy) };
}

/** What the network is told of a change: a strength in [−1, 1] by name. */
export function describeChange(
  { shiftPixels, untold }: Augmentation,
  { flip, dx, dy }: Change,
): Record<string, number> {
  if (untold) return {};
  return {
    flip: Number(flip),
    shiftX: dx / shiftPixels,
    shiftY: dy / shiftPixels,
  };
}

/**
 * Reads picture `index` as `[h, w, c]` in [−1, 1]. What moves in from outside is transparent, or black where there is
 * no transparency.
 */
export function readPicture(
  pictures: Uint8Array,
  index: number,
  size: number,
  channels: number,
  { flip, dx, dy }: Change,
  out: Float32Array,
): void {
  const start = index * size * size * channels;
  let at = 0;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const fromX = flip ? size - 1 - (x - dx) : x - dx;
      const fromY = y - dy;
      const inside = fromX >= 0 && fromX < size && fromY >= 0 && fromY < size;
      const from = start + channels * (fromY * size + fromX);
      for (let c = 0; c < channels; c++, at++) {
        out[at] = inside ? pictures[from + c]! / 127.5 - 1 : -1;
      }
    }
  }
}
