/** Pictures up to this many bytes are compressed in several ways, larger ones once. */
const TRY_MORE_BYTES = 20000;

/** PNG's filters (ISO/IEC 15948, section 9): none, sub, up, average, paeth. */
const FILTERS = 5;
const NONE = 0;

/**
 * Rows of a picture, each after one of PNG's filters and led by its number.
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
  const candidates: Uint8Array[] = [];
  const all: Uint8Array[] = [];
  for (let filter = 0; filter < FILTERS; filter++) {
    all.push(applyFilter(rows, channels, stride, height, filter));
  }
  candidates.push(pickRows(all, stride, height));
  if (rows.length <= TRY_MORE_BYTES) candidates.push(all[NONE]!);
  return candidates;
}

function applyFilter(
  rows: Uint8Array,
  channels: number,
  stride: number,
  height: number,
  filter: number,
): Uint8Array {
  const out = new Uint8Array((stride + 1) * height);
  for (let y = 0; y < height; y++) {
    const start = y * stride;
    const to = y * (stride + 1);
    out[to] = filter;
    for (let x = 0; x < stride; x++) {
      const left = x >= channels ? rows[start + x - channels]! : 0;
      const up = y > 0 ? rows[start + x - stride]! : 0;
      const upLeft = x >= channels && y > 0
        ? rows[start + x - stride - channels]!
        : 0;
      out[to + 1 + x] = rows[start + x]! - predict(filter, left, up, upLeft);
    }
  }
  return out;
}

function predict(
  filter: number,
  left: number,
  up: number,
  upLeft: number,
): number {
  if (filter === 0) return 0;
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  const toLeft = Math.abs(up - upLeft);
  const toUp = Math.abs(left - upLeft);
  const toUpLeft = Math.abs(left + up - 2 * upLeft);
  if (toLeft <= toUp && toLeft <= toUpLeft) return left;
  return toUp <= toUpLeft ? up : upLeft;
}

/** Takes each row from the filter whose bytes, read as signed, are smallest in sum. */
function pickRows(
  all: readonly Uint8Array[],
  stride: number,
  height: number,
): Uint8Array {
  const out = new Uint8Array((stride + 1) * height);
  for (let y = 0; y < height; y++) {
    const start = y * (stride + 1);
    const end = start + stride + 1;
    let least = Infinity;
    let best = 0;
    for (let filter = 0; filter < FILTERS; filter++) {
      const candidate = all[filter]!;
      let sum = 0;
      for (let i = start + 1; i < end && sum < least; i++) {
        const value = candidate[i]!;
        sum += value < 128 ? value : 256 - value;
      }
      if (sum < least) {
        least = sum;
        best = filter;
      }
    }
    out.set(all[best]!.subarray(start, end), start);
  }
  return out;
}
