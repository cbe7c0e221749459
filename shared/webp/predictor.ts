/**
 * Differences between pixels and what the predictor transform expects in mode "select": the left or the upper
 * neighbour, whichever is nearer to left + up − upper left (RFC 9649, section 4.1).
 *
 * @param argb Pixels row by row.
 * @param width Columns.
 */
export function predictSelect(argb: Uint32Array, width: number): Uint32Array {
  const out = new Uint32Array(argb.length);
  for (let i = 0; i < argb.length; i++) {
    const left = argb[i - 1]!;
    const up = argb[i - width]!;
    const expected = i === 0
      ? 0xFF000000
      : i < width
      ? left
      : i % width === 0
      ? up
      : select(left, up, argb[i - width - 1]!);
    out[i] = subtract(argb[i]!, expected);
  }
  return out;
}

function select(left: number, up: number, upLeft: number): number {
  let toLeft = 0;
  let toUp = 0;
  for (let shift = 0; shift < 32; shift += 8) {
    const corner = (upLeft >>> shift) & 255;
    toLeft += Math.abs(((up >>> shift) & 255) - corner);
    toUp += Math.abs(((left >>> shift) & 255) - corner);
  }
  return toLeft < toUp ? left : up;
}

/** Channel by channel, modulo 256. */
function subtract(a: number, b: number): number {
  const even = ((a & 0x00FF00FF) | 0x01000100) - (b & 0x00FF00FF);
  const odd = (((a >>> 8) & 0x00FF00FF) | 0x01000100) -
    ((b >>> 8) & 0x00FF00FF);
  return ((even & 0x00FF00FF) | (odd & 0x00FF00FF) << 8) >>> 0;
}
