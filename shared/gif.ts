import { checkFrames, type Frame } from "./frames.ts";
import { type IndexedPicture, quantize } from "./quantize.ts";

/** What {@linkcode encodeGif} writes. */
export interface GifOptions {
  /** Pictures of one size, at least one, at most 65535 pixels wide and high. Shown for whole hundredths of a second. */
  frames: readonly Frame[];
  /**
   * A comment in the file.
   * @default {""}
   */
  comment?: string;
}

/**
 * Writes an animated GIF (version 89a) that runs for ever, each frame in 255 colours of its own.
 *
 * @param options Frames and comment.
 * @returns The file.
 * @throws {RangeError} If there is no frame, sizes differ, or a picture or a time is out of range.
 */
export function encodeGif(
  { frames, comment = "" }: GifOptions,
): Uint8Array<ArrayBuffer> {
  const first = checkFrames(frames, 65535);
  const out: number[] = [];
  out.push(
    ...text("GIF89a"),
    ...word(first.width),
    ...word(first.height),
    0,
    0,
    0,
  ); // no global colours
  out.push(0x21, 0xFF, 11, ...text("NETSCAPE2.0"), 3, 1, 0, 0, 0); // repeats for ever
  if (comment !== "") {
    out.push(0x21, 0xFE, ...blocks([...new TextEncoder().encode(comment)]));
  }
  const parts = [
    Uint8Array.from(out),
    ...frames.map((frame) => frameBytes(quantize(frame), frame.ms)),
    Uint8Array.of(0x3B),
  ];
  const size = parts.reduce((sum, { length }) => sum + length, 0);
  const file = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}

function frameBytes(picture: IndexedPicture, ms: number): Uint8Array {
  const out: number[] = [];
  const { width, height, palette, indices, transparent } = picture;
  const used = palette.length + (transparent ? 1 : 0);
  const bits = Math.max(2, 32 - Math.clz32(used - 1)); // smallest size of an LZW code
  // Graphic control: clear to transparent after the frame, delay, transparent index.
  out.push(
    0x21,
    0xF9,
    4,
    2 << 2 | (transparent ? 1 : 0),
    ...word(Math.round(ms / 10)),
  );
  out.push(transparent ? palette.length : 0, 0);
  out.push(
    0x2C,
    ...word(0),
    ...word(0),
    ...word(width),
    ...word(height),
    0x80 | (bits - 1),
  );
  for (let i = 0; i < 2 ** bits; i++) out.push(...(palette[i] ?? [0, 0, 0]));
  out.push(bits);
  for (const byte of blocks(compressLzw(indices, bits))) out.push(byte);
  return Uint8Array.from(out);
}

/** Bytes in sub-blocks of at most 255, and the empty one that ends them. */
function blocks(bytes: readonly number[]): number[] {
  const out: number[] = [];
  for (let at = 0; at < bytes.length; at += 255) {
    const block = bytes.slice(at, at + 255);
    out.push(block.length, ...block);
  }
  out.push(0);
  return out;
}

/** Variable-length codes of Welch (1984) as GIF has them: 12 bits at most, then the table is cleared. */
function compressLzw(indices: Uint8Array, bits: number): number[] {
  const clear = 1 << bits;
  const out: number[] = [];
  let pending = 0;
  let count = 0;
  let width = bits + 1;
  const write = (code: number) => {
    pending |= code << count;
    for (count += width; count >= 8; count -= 8) {
      out.push(pending & 255);
      pending >>>= 8;
    }
  };
  // The code of a string, by its prefix's code and its last index; 0 where there is none.
  const table = new Uint16Array(4096 << 8);
  let next = clear + 2;
  write(clear);
  let prefix = -1;
  for (const index of indices) {
    const longer = prefix < 0 ? index : table[prefix << 8 | index]!;
    if (longer !== 0 || prefix < 0) {
      prefix = longer;
      continue;
    }
    write(prefix);
    if (next < 4096) {
      table[prefix << 8 | index] = next++;
      if (next > 1 << width && width < 12) width++;
    } else {
      write(clear);
      table.fill(0);
      next = clear + 2;
      width = bits + 1;
    }
    prefix = index;
  }
  if (prefix >= 0) write(prefix);
  // The decoder adds an entry for the last code, too.
  if (next >= 1 << width && width < 12) width++;
  write(clear + 1);
  if (count > 0) out.push(pending & 255);
  return out;
}

function word(value: number): [number, number] {
  return [value & 255, value >> 8];
}

function text(ascii: string): number[] {
  return Array.from(ascii, (character) => character.charCodeAt(0));
}
