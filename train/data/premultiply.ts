/**
 * Multiplies colours by their alpha.
 *
 * @param rgba Straight RGBA bytes.
 * @returns Premultiplied RGBA bytes, rounded to nearest.
 */
export function premultiply(rgba: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(
    rgba,
    (value, i) => i % 4 === 3 ? value : Math.round(value * rgba[i | 3]! / 255),
  );
}

/**
 * Divides colours by their alpha: the inverse of {@linkcode premultiply} up to rounding.
 *
 * @param pixels Premultiplied RGBA bytes.
 * @returns Straight RGBA bytes; all zeros where alpha is 0.
 */
export function straighten(pixels: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(pixels, (value, i) => {
    const alpha = pixels[i | 3]!;
    if (i % 4 === 3 || alpha === 0) return value;
    return Math.min(255, Math.round(value * 255 / alpha));
  });
}
