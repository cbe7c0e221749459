import type { BitWriter } from "../png/bit_writer.ts";
import { huffmanCodes, huffmanLengths } from "../png/huffman.ts";

/** The order in which the lengths of the code-length code are sent (RFC 9649, section 6.2.1). */
const LENGTH_ORDER = [
  17,
  18,
  0,
  1,
  2,
  3,
  4,
  5,
  16,
  6,
  7,
  8,
  9,
  10,
  11,
  12,
  13,
  14,
  15,
];

/** A prefix code as pixels are written with it. */
export interface PrefixCode {
  /** Length of each symbol's word; a lone symbol needs no bits. */
  readonly lengths: Uint8Array;
  /** Each symbol's word. */
  readonly words: Uint16Array;
  /** The symbols in use. */
  readonly used: readonly number[];
}

/** The best prefix code for symbols that occur so often, with words of at most `limit` bits. */
export function prefixCode(counts: Uint32Array, limit = 15): PrefixCode {
  const used: number[] = [];
  counts.forEach((count, symbol) => count > 0 && used.push(symbol));
  const lengths = used.length > 1
    ? huffmanLengths(counts, limit)
    : new Uint8Array(counts.length);
  return { lengths, words: huffmanCodes(lengths), used };
}

/** Sends a code of one symbol below 256. */
export function writeLone(out: BitWriter, symbol: number): void {
  out.write(1, 1); // simple
  out.write(0, 1); // one symbol
  out.write(1, 1); // of 8 bits
  out.write(symbol, 8);
}

/** Sends a code ahead of what is written with it. */
export function writePrefixCode(
  out: BitWriter,
  { lengths, used }: PrefixCode,
): void {
  if (used.length <= 1) return writeLone(out, used[0] ?? 0);
  if (used.length === 2 && used[1]! < 256) {
    out.write(1, 1);
    out.write(1, 1); // two symbols
    out.write(1, 1);
    out.write(used[0]!, 8);
    out.write(used[1]!, 8);
    return;
  }
  out.write(0, 1);
  const runs = toRuns(lengths);
  const counts = new Uint32Array(19);
  for (const [symbol] of runs) counts[symbol]!++;
  const code = prefixCode(counts, 7);
  const sent = code.used.length === 1 ? lone(code.used[0]!) : code.lengths;
  let last = 19;
  while (last > 4 && sent[LENGTH_ORDER[last - 1]!] === 0) last--;
  out.write(last - 4, 4);
  for (const symbol of LENGTH_ORDER.slice(0, last)) out.write(sent[symbol]!, 3);
  out.write(0, 1); // lengths of the whole alphabet follow
  for (const [symbol, extra, bits] of runs) {
    out.write(code.words[symbol]!, code.lengths[symbol]!);
    out.write(extra, bits);
  }
}

function lone(symbol: number): Uint8Array {
  const lengths = new Uint8Array(19);
  lengths[symbol] = 1;
  return lengths;
}

/** Lengths as symbols of the code-length code with extra bits: runs of zeros, and repetitions. */
function toRuns(
  lengths: Uint8Array,
): [symbol: number, extra: number, bits: number][] {
  const runs: [number, number, number][] = [];
  for (let at = 0; at < lengths.length;) {
    const length = lengths[at]!;
    let run = 1;
    while (at + run < lengths.length && lengths[at + run] === length) run++;
    if (length === 0 && run >= 3) {
      run = Math.min(run, 138);
      runs.push(run < 11 ? [17, run - 3, 3] : [18, run - 11, 7]);
    } else if (run >= 4 && length > 0) {
      run = Math.min(run, 7);
      runs.push([length, 0, 0], [16, run - 4, 2]);
    } else {
      run = 1;
      runs.push([length, 0, 0]);
    }
    at += run;
  }
  return runs;
}
