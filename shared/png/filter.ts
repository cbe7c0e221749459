/** Pictures up to this many bytes are compressed in several ways, larger ones once. */
const TRY_MORE_BYTES = 20000;

/**
 * Rows of a picture, each after one of PNG's filters (ISO/IEC 15948, section 9) and led by its number.
 *
 * @param rows Bytes row by row.
 * @param channels Bytes a pixel.
 * @param width Columns.
 * @param height Rows.
 * @returns Candidates to compress: each row in the filter that leaves the smallest sum of absolute
 * differences; for small pictures also all rows unfiltered.
 */
export function filterRows(
  rows: Uint8Array,
  channels: number,
  width: number,
  height: number,
): Uint8Array[] {
  const stride = width * channels;
  const size = (stride + 1) * height;
  const none = new Uint8Array(size);
  const best = new Uint8Array(size);
  const filtered = Array.from({ length: 5 }, () => new Uint8Array(stride));
  for (let y = 0; y < height; y++) {
    const row = rows.subarray(y * stride, (y + 1) * stride);
    const above = y > 0 ? rows.subarray((y - 1) * stride, y * stride) : row;
    const chosen = filterRow(row, above, y > 0, channels, filtered);
    const to = y * (stride + 1);
    none.set(row, to + 1);
    best[to] = chosen;
    best.set(filtered[chosen]!, to + 1);
  }
  return rows.length <= TRY_MORE_BYTES ? [best, none] : [best];
}

/**
 * Puts a row through all five filters: none, sub, up, average, paeth.
 *
 * @returns The first filter whose bytes, read as signed, are smallest in sum.
 */
function filterRow(
  row: Uint8Array,
  above: Uint8Array,
  hasAbove: boolean,
  channels: number,
  [none, sub, up, average, paeth]: readonly Uint8Array[],
): number {
  let [sum0, sum1, sum2, sum3, sum4] = [0, 0, 0, 0, 0];
  for (let x = 0; x < row.length; x++) {
    const value = row[x]!;
    const a = x >= channels ? row[x - channels]! : 0;
    const b = hasAbove ? above[x]! : 0;
    const c = hasAbove && x >= channels ? above[x - channels]! : 0;
    sum0 += magnitude(none![x] = value);
    sum1 += magnitude(sub![x] = (value - a) & 255);
    sum2 += magnitude(up![x] = (value - b) & 255);
    sum3 += magnitude(average![x] = (value - ((a + b) >> 1)) & 255);
    sum4 += magnitude(paeth![x] = (value - nearest(a, b, c)) & 255);
  }
  const sums = [sum0, sum1, sum2, sum3, sum4];
  return sums.indexOf(Math.min(...sums));
}

/** How far a byte, read as signed, is from zero. */
function magnitude(byte: number): number {
  return byte < 128 ? byte : 256 - byte;
}

/** Paeth's predictor: the one of left, up and upper left that is nearest to left + up − upper left. */
function nearest(left: number, up: number, upLeft: number): number {
  const toLeft = Math.abs(up - upLeft);
  const toUp = Math.abs(left - upLeft);
  const toUpLeft = Math.abs(left + up - 2 * upLeft);
  if (toLeft <= toUp && toLeft <= toUpLeft) return left;
  return toUp <= toUpLeft ? up : upLeft;
}
