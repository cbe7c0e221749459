import type { Picture } from "@emoji/diffusion/png";
import { resizeSmooth } from "@emoji/diffusion/resize";
import { premultiply } from "./premultiply.ts";

/** How a picture becomes square: "crop" keeps its centre, "pad" keeps all of it on a transparent background. */
export type Fit = "crop" | "pad";

/**
 * Makes a picture square and scales it.
 *
 * @param picture Straight RGBA of any shape.
 * @param size Width and height of the result in pixels.
 * @returns Premultiplied RGBA, [size, size, 4].
 */
export function fitSquare(
  picture: Picture,
  size: number,
  fit: Fit,
): Uint8Array<ArrayBuffer> {
  const { width, height } = picture;
  const side = fit === "crop"
    ? Math.min(width, height)
    : Math.max(width, height);
  const square = width === height ? picture : place(picture, side);
  return premultiply(
    side === size ? square.rgba : resizeSmooth(square, size, size).rgba,
  );
}

/** Puts a picture in the middle of a transparent square, cutting off what does not fit. */
export function place(
  { width, height, rgba }: Picture,
  side: number,
): Picture {
  const out = new Uint8Array(side * side * 4);
  const left = Math.floor((side - width) / 2);
  const top = Math.floor((side - height) / 2);
  const from = Math.max(0, -left);
  const to = Math.min(width, side - left);
  for (let y = Math.max(0, -top); y < Math.min(height, side - top); y++) {
    const row = rgba.subarray(4 * (y * width + from), 4 * (y * width + to));
    out.set(row, 4 * ((y + top) * side + left + from));
  }
  return { width: side, height: side, rgba: out };
}
