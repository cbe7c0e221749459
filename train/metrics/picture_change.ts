/**
 * Changes that leave the meaning of an emoji as it is, so that the classifier sees few pictures in many ways.
 *
 * @module
 */

/** How a picture is changed. */
export interface PictureChange {
  /** Whether to mirror it. */
  flip: boolean;
  /** Factor of its size; what is outside is transparent. */
  zoom: number;
  /** Moves to the right and down, in pixels. */
  dx: number;
  /** See `dx`. */
  dy: number;
  /** Factor of its brightness, at most 1. */
  gain: number;
  /** Share of grey mixed into its colours, 0 to 1. */
  gray: number;
}

/** The picture as it is. */
export const UNCHANGED: PictureChange = {
  flip: false,
  zoom: 1,
  dx: 0,
  dy: 0,
  gain: 1,
  gray: 0,
};

/** Draws a change from eight uniform numbers in (0, 1); most keep the pixels crisp, as styles are told by their edges. */
export function drawChange(random: ArrayLike<number>): PictureChange {
  const [flip, zoom, stretch, dx, dy, bright, gray, much] = Array.from(
    random,
  ) as [number, number, number, number, number, number, number, number];
  const crisp = stretch < 0.7;
  const move = (u: number) => crisp ? Math.floor(7 * u) - 3 : 6 * u - 3;
  return {
    flip: flip < 0.5,
    zoom: crisp ? 1 : 0.8 + 0.4 * zoom,
    dx: move(dx),
    dy: move(dy),
    gain: 1 - 0.25 * bright,
    gray: gray < 0.8 ? 0 : much,
  };
}

/**
 * Reads premultiplied RGBA bytes through a change, bilinearly.
 *
 * @param bytes One picture, `[size, size, 4]`.
 * @param size Its height and width.
 * @param change What to do.
 * @param out Receives `[size, size, 4]` in [−1, 1].
 */
export function readChanged(
  bytes: Uint8Array,
  size: number,
  { flip, zoom, dx, dy, gain, gray }: PictureChange,
  out: Float32Array,
): void {
  const centre = (size - 1) / 2;
  const at = (x: number, y: number, c: number) =>
    x < 0 || y < 0 || x >= size || y >= size
      ? 0
      : bytes[4 * (y * size + x) + c]!;
  const pixel = new Float64Array(4);
  let k = 0;
  for (let y = 0; y < size; y++) {
    const fromY = (y - dy - centre) / zoom + centre;
    const y0 = Math.floor(fromY);
    const v = fromY - y0;
    for (let x = 0; x < size; x++, k += 4) {
      const turned = flip ? size - 1 - x : x;
      const fromX = (turned - dx - centre) / zoom + centre;
      const x0 = Math.floor(fromX);
      const u = fromX - x0;
      for (let c = 0; c < 4; c++) {
        const top = at(x0, y0, c) * (1 - u) + at(x0 + 1, y0, c) * u;
        const bottom = at(x0, y0 + 1, c) * (1 - u) + at(x0 + 1, y0 + 1, c) * u;
        pixel[c] = top * (1 - v) + bottom * v;
      }
      const mean = (pixel[0]! + pixel[1]! + pixel[2]!) / 3;
      for (let c = 0; c < 3; c++) {
        const mixed = pixel[c]! + gray * (mean - pixel[c]!);
        out[k + c] = gain * mixed / 127.5 - 1;
      }
      out[k + 3] = pixel[3]! / 127.5 - 1;
    }
  }
}
