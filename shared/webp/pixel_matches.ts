const SHORTEST = 3;
const LONGEST = 4096;
const MAX_CHAIN = 32;
/** VP8L numbers distances from 121 on, after 120 short ones in two dimensions, and has 2^20 numbers. */
const FARTHEST = 2 ** 20 - 120;

/** Pixels as literals and references. */
export interface PixelMatches {
  /** 0 for a literal, else the length of a reference to earlier pixels. */
  readonly tokens: Uint16Array;
  /** By pixel: how far back the reference that starts there goes. */
  readonly distances: Uint32Array;
}

/**
 * Replaces repetitions of pixels by references (Ziv and Lempel, 1977), each time by the longest that is found.
 *
 * @param argb Pixels, as many as there are. References go at most 2^20 − 120 of them back, the farthest that VP8L can say.
 */
export function findPixelMatches(argb: Uint32Array): PixelMatches {
  const size = argb.length;
  const tokens = new Uint16Array(size);
  const distances = new Uint32Array(size);
  const shift = Math.min(24, Math.max(14, Math.clz32(size)));
  const newest = new Int32Array(2 ** (32 - shift)).fill(-1);
  const older = new Int32Array(size);
  let count = 0;
  for (let at = 0; at < size;) {
    const limit = Math.min(LONGEST, size - at);
    let best = SHORTEST - 1;
    let candidate = insert(at);
    for (
      let tries = MAX_CHAIN;
      candidate >= 0 && at - candidate <= FARTHEST && tries > 0 &&
      best < limit;
      tries--
    ) {
      if (argb[candidate + best] === argb[at + best]) {
        let length = 0;
        while (
          length < limit && argb[candidate + length] === argb[at + length]
        ) length++;
        if (length > best) {
          best = length;
          distances[at] = at - candidate;
        }
      }
      candidate = older[candidate]!;
    }
    const matched = best >= SHORTEST;
    tokens[count++] = matched ? best : 0;
    const end = at + (matched ? best : 1);
    for (at++; at < end; at++) insert(at);
  }
  return { tokens: tokens.subarray(0, count), distances };

  /** Files the place under its first pixels; returns the last place filed there. */
  function insert(at: number): number {
    if (at + SHORTEST > size) return -1;
    const key = Math.imul(argb[at]!, 0x9E3779B1) ^
      Math.imul(argb[at + 1]!, 0x85EBCA77) ^
      Math.imul(argb[at + 2]!, 0xC2B2AE3D);
    const slot = Math.imul(key, 0x27D4EB2F) >>> shift;
    const before = newest[slot]!;
    older[at] = before;
    newest[slot] = at;
    return before;
  }
}
