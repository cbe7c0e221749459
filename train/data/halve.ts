/**
 * Halves a square picture with a 2×2 box filter. Premultiplied colours make the mean of a
 * transparent and an opaque pixel keep the opaque one's colour.
 *
 * @param pixels Premultiplied RGBA, [size, size, 4].
 * @param size Width and height in pixels, even.
 * @returns The means as floats, [size / 2, size / 2, 4].
 * @throws {RangeError} If `size` is odd or not that of the pixels.
 */
export function halve(
  pixels: ArrayLike<number>,
  size: number,
): Float32Array<ArrayBuffer> {
  const half = size / 2;
  if (!Number.isInteger(half) || pixels.length !== size * size * 4) {
    throw new RangeError(
      `Cannot halve the picture as size must be even and match its pixels: current value is ${size}`,
    );
  }
  const out = new Float32Array(half * half * 4);
  const row = size * 4;
  for (let o = 0; o < out.length; o++) {
    const x = (o >> 2) % half;
    const y = Math.floor((o >> 2) / half);
    const i = 2 * y * row + 8 * x + (o & 3);
    out[o] =
      (pixels[i]! + pixels[i + 4]! + pixels[i + row]! + pixels[i + row + 4]!) /
      4;
  }
  return out;
}

/**
 * Halves a picture until it has the wanted size and rounds to bytes once, at the end.
 *
 * @param pixels Premultiplied RGBA, [from, from, 4].
 * @param from Present width and height, `to` times a power of two.
 * @param to Wanted width and height.
 */
export function shrink(
  pixels: Uint8Array,
  from: number,
  to: number,
): Uint8Array<ArrayBuffer> {
  let picture: ArrayLike<number> = pixels;
  for (let size = from; size > to; size /= 2) picture = halve(picture, size);
  return Uint8Array.from(picture, Math.round);
}
