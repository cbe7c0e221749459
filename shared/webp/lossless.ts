import { BitWriter } from "../png/bit_writer.ts";
import { distanceBits, distanceSymbol } from "../png/deflate.ts";
import type { Picture } from "../png.ts";
import { findPixelMatches } from "./pixel_matches.ts";
import { predictSelect } from "./predictor.ts";
import {
  type PrefixCode,
  prefixCode,
  writeLone,
  writePrefixCode,
} from "./prefix_code.ts";

/** Pictures up to this many pixels are compressed with and without prediction, larger ones with it. */
const TRY_BOTH_PIXELS = 16384;

/** The mode "select" of the predictor transform. */
const SELECT = 11;

/**
 * The content of a VP8L chunk: a picture without loss (RFC 9649, section 3).
 *
 * One set of prefix codes, back references, no colour cache; of the transforms at most the predictor, in one mode.
 */
export function losslessStream({ width, height, rgba }: Picture): Uint8Array {
  const pixels = toArgb(rgba);
  const predicted = writeStream(
    width,
    height,
    predictSelect(pixels, width),
    true,
  );
  if (pixels.length > TRY_BOTH_PIXELS) return predicted;
  const plain = writeStream(width, height, pixels, false);
  return plain.length < predicted.length ? plain : predicted;
}

function writeStream(
  width: number,
  height: number,
  argb: Uint32Array,
  predicted: boolean,
): Uint8Array {
  const out = new BitWriter();
  out.write(0x2F, 8);
  out.write(width - 1, 14);
  out.write(height - 1, 14);
  out.write(1, 1); // alpha is used
  out.write(0, 3); // version
  if (predicted) {
    out.write(1, 1); // a transform follows
    out.write(0, 2); // the predictor
    out.write(7, 3); // in blocks of 512 x 512 pixels
    out.write(0, 1); // whose modes are a picture without colour cache
    for (const symbol of [SELECT, 0, 0, 255, 0]) writeLone(out, symbol); // of one colour, so its pixels need no bits
  }
  out.write(0, 1); // no more transforms
  out.write(0, 1); // no colour cache
  out.write(0, 1); // one set of codes for the whole picture
  writePixels(out, argb, width);
  return out.finish();
}

/** Alphabets: green and lengths, red, blue, alpha, distances. */
const ALPHABETS = [280, 256, 256, 256, 40];

function writePixels(out: BitWriter, argb: Uint32Array, width: number): void {
  const { tokens, distances } = findPixelMatches(argb);
  const counts = ALPHABETS.map((size) => new Uint32Array(size));
  visit((alphabet, symbol) => counts[alphabet]![symbol]!++, () => {});
  const codes = counts.map((count) => prefixCode(count)) as [
    PrefixCode,
    PrefixCode,
    PrefixCode,
    PrefixCode,
    PrefixCode,
  ];
  for (const code of codes) writePrefixCode(out, code);
  visit((alphabet, symbol) => {
    const { words, lengths } = codes[alphabet]!;
    out.write(words[symbol]!, lengths[symbol]!);
  }, (value, bits) => out.write(value, bits));

  /** Goes through everything that is to be written: symbols of the alphabets, and plain bits. */
  function visit(
    symbol: (alphabet: number, symbol: number) => void,
    plain: (value: number, bits: number) => void,
  ): void {
    let at = 0;
    for (const length of tokens) {
      if (length === 0) {
        const pixel = argb[at++]!;
        symbol(0, (pixel >>> 8) & 255);
        symbol(1, (pixel >>> 16) & 255);
        symbol(2, pixel & 255);
        symbol(3, pixel >>> 24);
        continue;
      }
      prefixed(0, 256, length);
      prefixed(4, 0, distanceCode(distances[at]!, width));
      at += length;
    }
    function prefixed(alphabet: number, offset: number, value: number): void {
      const bits = distanceBits(value);
      symbol(alphabet, offset + distanceSymbol(value, bits));
      plain((value - 1) & ((1 << bits) - 1), bits);
    }
  }
}

/** Nearby pixels have short codes (section 5.2.2); of the 120 we use the four nearest. */
function distanceCode(distance: number, width: number): number {
  if (distance === width) return 1;
  if (distance === 1) return 2;
  if (distance === width + 1) return 3;
  if (distance === width - 1) return 4;
  return distance + 120;
}

function toArgb(rgba: Uint8Array): Uint32Array {
  const out = new Uint32Array(rgba.length / 4);
  for (let i = 0; i < out.length; i++) {
    const at = 4 * i;
    out[i] = rgba[at + 3]! << 24 | rgba[at]! << 16 | rgba[at + 1]! << 8 |
      rgba[at + 2]!;
  }
  return out;
}
