import { BitWriter } from "./bit_writer.ts";
import { adler32 } from "./checksum.ts";
import { huffmanCodes, huffmanLengths } from "./huffman.ts";
import { findMatches } from "./lz77.ts";

/** Tokens of one block; short enough for the codes to follow the data. */
const BLOCK_TOKENS = 16384;

/** The order in which the lengths of the code-length code are sent (RFC 1951, section 3.2.7). */
const LENGTH_ORDER = [
  16,
  17,
  18,
  0,
  8,
  7,
  9,
  6,
  10,
  5,
  11,
  4,
  12,
  3,
  13,
  2,
  14,
  1,
  15,
];

/** A symbol of an alphabet and the bits that tell values under one symbol apart. */
interface Coded {
  symbol: number;
  extra: number;
  extraBits: number;
}

/** Match lengths 3…258 as symbols 257…285. */
function codeLength(length: number): Coded {
  if (length === 258) return { symbol: 285, extra: 0, extraBits: 0 };
  const value = length - 3;
  if (value < 8) return { symbol: 257 + value, extra: 0, extraBits: 0 };
  const bits = 29 - Math.clz32(value);
  return {
    symbol: 257 + 4 * (bits + 1) + ((value >> bits) & 3),
    extra: value & ((1 << bits) - 1),
    extraBits: bits,
  };
}

const LENGTHS: Coded[] = Array.from(
  { length: 259 },
  (_, length) => codeLength(Math.max(3, length)),
);
const LENGTH_SYMBOLS = Uint16Array.from(LENGTHS, ({ symbol }) => symbol);

/** Extra bits of a distance, and its symbol 0…29. */
export function distanceBits(distance: number): number {
  return distance < 5 ? 0 : 30 - Math.clz32(distance - 1);
}
/** The symbol of a distance whose extra bits are `bits`. */
export function distanceSymbol(distance: number, bits: number): number {
  return distance < 5
    ? distance - 1
    : 2 * (bits + 1) + (((distance - 1) >> bits) & 1);
}

/** Writes one block with its own Huffman codes. */
function writeBlock(out: BitWriter, tokens: Uint32Array, last: boolean): void {
  const literalCounts = new Uint32Array(286);
  const distanceCounts = new Uint32Array(30);
  literalCounts[256] = 1; // end of block
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (token < 256) {
      literalCounts[token]!++;
    } else {
      const distance = token & 0xFFFF;
      literalCounts[LENGTH_SYMBOLS[token >>> 16]!]!++;
      distanceCounts[distanceSymbol(distance, distanceBits(distance))]!++;
    }
  }
  const literalLengths = huffmanLengths(literalCounts, 15);
  const distanceLengths = huffmanLengths(distanceCounts, 15);
  out.write(last ? 1 : 0, 1);
  out.write(2, 2);
  writeLengths(out, literalLengths, distanceLengths);

  const literalCodes = huffmanCodes(literalLengths);
  const distanceCodes = huffmanCodes(distanceLengths);
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (token < 256) {
      out.write(literalCodes[token]!, literalLengths[token]!);
      continue;
    }
    const length = LENGTHS[token >>> 16]!;
    out.write(literalCodes[length.symbol]!, literalLengths[length.symbol]!);
    out.write(length.extra, length.extraBits);
    const distance = token & 0xFFFF;
    const bits = distanceBits(distance);
    const symbol = distanceSymbol(distance, bits);
    out.write(distanceCodes[symbol]!, distanceLengths[symbol]!);
    out.write((distance - 1) & ((1 << bits) - 1), bits);
  }
  out.write(literalCodes[256]!, literalLengths[256]!);
}

/** Sends both codes as run lengths, themselves in a Huffman code (RFC 1951, section 3.2.7). */
function writeLengths(
  out: BitWriter,
  literals: Uint8Array,
  distances: Uint8Array,
): void {
  let literalCount = 286;
  while (literalCount > 257 && literals[literalCount - 1] === 0) literalCount--;
  let distanceCount = 30;
  while (distanceCount > 1 && distances[distanceCount - 1] === 0) {
    distanceCount--;
  }
  const lengths = [
    ...literals.subarray(0, literalCount),
    ...distances.subarray(0, distanceCount),
  ];

  const runs: Coded[] = [];
  const counts = new Uint32Array(19);
  for (let i = 0; i < lengths.length;) {
    const length = lengths[i]!;
    let run = 1;
    while (i + run < lengths.length && lengths[i + run] === length) run++;
    const coded = codeRun(length, run, i > 0 && lengths[i - 1] === length);
    runs.push(coded.run);
    counts[coded.run.symbol]!++;
    i += coded.taken;
  }
  const runLengths = huffmanLengths(counts, 7);
  const runCodes = huffmanCodes(runLengths);
  let sent = 19;
  while (sent > 4 && runLengths[LENGTH_ORDER[sent - 1]!] === 0) sent--;

  out.write(literalCount - 257, 5);
  out.write(distanceCount - 1, 5);
  out.write(sent - 4, 4);
  for (const symbol of LENGTH_ORDER.slice(0, sent)) {
    out.write(runLengths[symbol]!, 3);
  }
  for (const { symbol, extra, extraBits } of runs) {
    out.write(runCodes[symbol]!, runLengths[symbol]!);
    out.write(extra, extraBits);
  }
}

/** The next symbol for `run` equal lengths, and how many of them it stands for. */
function codeRun(
  length: number,
  run: number,
  repeats: boolean,
): { run: Coded; taken: number } {
  if (length === 0 && run >= 11) {
    const taken = Math.min(run, 138);
    return { run: { symbol: 18, extra: taken - 11, extraBits: 7 }, taken };
  }
  if (length === 0 && run >= 3) {
    return { run: { symbol: 17, extra: run - 3, extraBits: 3 }, taken: run };
  }
  if (repeats && length > 0 && run >= 3) {
    const taken = Math.min(run, 6);
    return { run: { symbol: 16, extra: taken - 3, extraBits: 2 }, taken };
  }
  return { run: { symbol: length, extra: 0, extraBits: 0 }, taken: 1 };
}

/**
 * Compresses `bytes` to a zlib stream (RFC 1950 and 1951).
 *
 * Only integer operations in a fixed order: the same input gives the same bytes on every host,
 * which a host's own compressor does not promise.
 *
 * @param bytes What to compress.
 * @returns A zlib stream.
 */
export function zlibCompress(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const tokens = findMatches(bytes);
  const out = new BitWriter();
  out.write(0x78, 8); // deflate, window of 32 KiB
  out.write(0x9C, 8); // default effort; makes the header a multiple of 31
  let start = 0;
  do {
    const end = Math.min(start + BLOCK_TOKENS, tokens.length);
    writeBlock(out, tokens.subarray(start, end), end === tokens.length);
    start = end;
  } while (start < tokens.length);
  out.align();
  const checksum = adler32(bytes);
  for (const shift of [24, 16, 8, 0]) out.write((checksum >>> shift) & 255, 8);
  return out.finish();
}
