import { crc32 } from "./png/checksum.ts";
import { zlibCompress } from "./png/deflate.ts";
import { filterRows } from "./png/filter.ts";

/** A picture of straight (not premultiplied) RGBA bytes, row by row from the top. */
export interface Picture {
  /** Columns, 1…2^31 − 1. */
  readonly width: number;
  /** Rows, 1…2^31 − 1. */
  readonly height: number;
  /** `4 · width · height` bytes. */
  readonly rgba: Uint8Array;
}

/** A picture and what to write beside it. */
export interface PngOptions extends Picture {
  /**
   * Text chunks by keyword (1…79 Latin-1 characters), written in the order of the keywords' code units:
   * as tEXt where the value is plain ASCII, else as iTXt.
   * @default {{}}
   */
  text?: Readonly<Record<string, string>>;
}

const SIGNATURE = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

/**
 * Writes a PNG (ISO/IEC 15948). The same picture gives the same bytes on every host.
 *
 * Opaque pictures are stored without the alpha channel.
 *
 * @param options The picture and its text chunks.
 * @returns The file.
 * @throws {RangeError} If the size is out of range or does not fit `rgba`, or a text chunk cannot be written.
 */
export function encodePng(options: PngOptions): Uint8Array<ArrayBuffer> {
  const { width, height, text = {} } = options;
  checkPicture(options);
  const opaque = isOpaque(options.rgba);
  return joinChunks([
    headerChunk(width, height, opaque),
    ...textChunks(text),
    pngChunk("IDAT", compressRows(options, opaque)),
    pngChunk("IEND", new Uint8Array()),
  ]);
}

/** The picture's rows, filtered and compressed: the content of IDAT (and, after a number, of fdAT). */
export function compressRows(
  picture: Picture,
  opaque: boolean,
): Uint8Array<ArrayBuffer> {
  const { width, height, rgba } = picture;
  return filterRows(
    opaque ? dropAlpha(rgba) : rgba,
    opaque ? 3 : 4,
    width,
    height,
  )
    .map((filtered) => zlibCompress(filtered))
    .reduce((best, next) => next.length < best.length ? next : best);
}

/** IHDR for eight bits a channel, colour type 2 (RGB) or 6 (RGBA), not interlaced. */
export function headerChunk(
  width: number,
  height: number,
  opaque: boolean,
): Uint8Array {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header[8] = 8;
  header[9] = opaque ? 2 : 6;
  return pngChunk("IHDR", header);
}

/** Wraps `content` into a chunk: length, type, content, CRC of the last two. */
export function pngChunk(type: string, content: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(12 + content.length);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, content.length);
  for (let i = 0; i < 4; i++) chunk[4 + i] = type.charCodeAt(i);
  chunk.set(content, 8);
  view.setUint32(8 + content.length, crc32(chunk, 4, 8 + content.length));
  return chunk;
}

/** Puts the signature before `chunks`. */
export function joinChunks(
  chunks: readonly Uint8Array[],
): Uint8Array<ArrayBuffer> {
  const size = chunks.reduce(
    (sum, chunk) => sum + chunk.length,
    SIGNATURE.length,
  );
  const file = new Uint8Array(size);
  file.set(SIGNATURE);
  let at = SIGNATURE.length;
  for (const chunk of chunks) {
    file.set(chunk, at);
    at += chunk.length;
  }
  return file;
}

/** One tEXt or iTXt chunk a keyword, sorted. */
export function textChunks(
  text: Readonly<Record<string, string>>,
): Uint8Array[] {
  return Object.keys(text).sort().map((keyword) => {
    if (
      !/^[!-~\xA1-\xFF](?:[ -~\xA1-\xFF]{0,77}[!-~\xA1-\xFF])?$/.test(keyword)
    ) {
      throw new RangeError(
        `Cannot write a text chunk as its keyword must be 1 to 79 Latin-1 characters without outer spaces: current value is ${
          JSON.stringify(keyword)
        }`,
      );
    }
    const value = text[keyword]!;
    if (value.includes("\0")) {
      throw new RangeError(
        `Cannot write text chunk ${keyword} as its text must not contain NUL`,
      );
    }
    if (/^[\n -~]*$/.test(value)) {
      return pngChunk("tEXt", latin1(`${keyword}\0${value}`));
    }
    // keyword, NUL, not compressed, method 0, no language, no translated keyword
    const head = latin1(`${keyword}\0\0\0\0\0`);
    const body = new TextEncoder().encode(value);
    const content = new Uint8Array(head.length + body.length);
    content.set(head);
    content.set(body, head.length);
    return pngChunk("iTXt", content);
  });
}

/** Whether every pixel's alpha is 255. */
export function isOpaque(rgba: Uint8Array): boolean {
  for (let i = 3; i < rgba.length; i += 4) if (rgba[i] !== 255) return false;
  return true;
}

function dropAlpha(rgba: Uint8Array): Uint8Array {
  const rgb = new Uint8Array(rgba.length / 4 * 3);
  for (let i = 0; i < rgb.length; i++) {
    rgb[i] = rgba[4 * Math.floor(i / 3) + i % 3]!;
  }
  return rgb;
}

function latin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/**
 * Checks that a picture is whole.
 *
 * @param picture The picture.
 * @param most Widest and highest that a format can hold.
 * @throws {RangeError} If the size is not of integers from 1 to `most` or does not fit `rgba`.
 */
export function checkPicture(
  { width, height, rgba }: Picture,
  most = 2 ** 31 - 1,
): void {
  for (const [name, value] of [["width", width], ["height", height]] as const) {
    if (!Number.isInteger(value) || value < 1 || value > most) {
      throw new RangeError(
        `Cannot encode picture as ${name} must be an integer from 1 to ${most}: current value is ${value}`,
      );
    }
  }
  if (rgba.length !== 4 * width * height) {
    throw new RangeError(
      `Cannot encode picture as rgba must hold ${
        4 * width * height
      } bytes: current value is ${rgba.length}`,
    );
  }
}
