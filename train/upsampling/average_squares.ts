/**
 * Replaces the values in every square of `width` × `width` pixels by their mean, channel by channel.
 *
 * @param picture `[size, size, channels]`.
 * @param size Height and width in pixels.
 * @param width Width of a square; it divides `size`.
 */
export function averageSquares(
  picture: Float32Array,
  size: number,
  width: number,
): void {
  const channels = picture.length / size ** 2;
  const means = new Float32Array(size / width * channels);
  for (let top = 0; top < size; top += width) {
    const rows = picture.subarray(
      top * size * channels,
      (top + width) * size * channels,
    );
    const meanAt = (k: number) =>
      Math.floor(Math.floor(k / channels) % size / width) * channels +
      k % channels;
    means.fill(0);
    for (let k = 0; k < rows.length; k++) {
      means[meanAt(k)]! += rows[k]! / width ** 2;
    }
    for (let k = 0; k < rows.length; k++) rows[k] = means[meanAt(k)]!;
  }
}
