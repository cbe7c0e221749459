const WINDOW = 32768;
const SHORTEST = 3;
const LONGEST = 258;

/** Candidates tried at a position, and the length from which a match is good enough to stop. */
const MAX_CHAIN = 64;
const NICE_LENGTH = 128;

/**
 * Replaces repetitions in `bytes` by references to their last occurrence (Ziv and Lempel, 1977),
 * as deflate's alphabet allows: lengths 3…258, distances up to 32768. A match gives way to a longer
 * one that starts a byte later.
 *
 * @param bytes What to search.
 * @returns Tokens: a literal as its value 0…255, a match as `length << 16 | distance`.
 */
export function findMatches(bytes: Uint8Array): Uint32Array {
  const size = bytes.length;
  const tokens = new Uint32Array(size);
  let count = 0;

  const shift = Math.min(24, Math.max(17, Math.clz32(size))); // one slot a byte, at most 32768
  const slots = 2 ** (32 - shift);
  const newest = new Int32Array(slots).fill(-1);
  const older = new Int32Array(slots); // by position modulo its length
  const insert = (at: number): number => {
    const key = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16);
    const slot = Math.imul(key, 0x9E3779B1) >>> shift;
    const before = newest[slot]!;
    older[at & (slots - 1)] = before;
    newest[slot] = at;
    return before;
  };

  /** The longest match for `at` that beats `best`, as a token, or 0. */
  const search = (at: number, candidate: number, best: number): number => {
    const limit = Math.min(LONGEST, size - at);
    let token = 0;
    for (
      let tries = MAX_CHAIN;
      candidate >= 0 && at - candidate <= WINDOW && tries > 0;
      tries--
    ) {
      if (best < limit && bytes[candidate + best] === bytes[at + best]) {
        let length = 0;
        while (
          length < limit && bytes[candidate + length] === bytes[at + length]
        ) length++;
        if (length > best) {
          best = length;
          token = (length << 16) | (at - candidate);
          if (length >= NICE_LENGTH || length === limit) break;
        }
      }
      const next = older[candidate & (slots - 1)]!;
      if (next >= candidate) break; // overwritten by a newer position
      candidate = next;
    }
    return token;
  };

  let held = 0; // match that starts at `at - 1` and waits for a better one at `at`
  let at = 0;
  while (at < size) {
    const candidate = at + SHORTEST <= size ? insert(at) : -1;
    const heldLength = held >>> 16;
    const found = heldLength < NICE_LENGTH
      ? search(at, candidate, Math.max(heldLength, SHORTEST - 1))
      : 0;
    if (held > 0 && found === 0) {
      tokens[count++] = held;
      const end = at - 1 + heldLength;
      for (at++; at < end; at++) if (at + SHORTEST <= size) insert(at);
      held = 0;
      continue;
    }
    if (held > 0) tokens[count++] = bytes[at - 1]!;
    if (found > 0) held = found;
    else tokens[count++] = bytes[at]!;
    at++;
  }
  if (held > 0) tokens[count++] = held;
  return tokens.subarray(0, count);
}
