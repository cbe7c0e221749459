import { fitSquare, place } from "./fit.ts";

/**
 * Makes an opaque square picture of grey bytes: in the middle of a black one if it is smaller than wanted, as MNIST's
 * 28×28 become 32×32, else scaled.
 *
 * @param gray Bytes, [height, width].
 * @returns Premultiplied RGBA, [size, size, 4].
 */
export function grayPicture(
  gray: ArrayLike<number>,
  width: number,
  height: number,
  size: number,
): Uint8Array<ArrayBuffer> {
  const rgba = Uint8Array.from(
    { length: 4 * width * height },
    (_, i) => i % 4 === 3 ? 255 : gray[i >> 2]!,
  );
  const square = place({ width, height, rgba }, Math.max(width, height, size));
  for (let i = 3; i < square.rgba.length; i += 4) square.rgba[i] = 255;
  return fitSquare(square, size, "crop");
}
