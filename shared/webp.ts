import { checkPicture, type Picture } from "./png.ts";
import { exifBlock, type ExifTags } from "./webp/exif.ts";
import { losslessStream } from "./webp/lossless.ts";

/** What {@linkcode encodeWebp} writes. */
export interface WebpOptions extends Picture {
  /**
   * Exif metadata.
   * @default {{}} none
   */
  exif?: ExifTags;
}

/**
 * Writes a lossless WebP (RFC 9649). The same picture gives the same bytes on every host.
 *
 * @param options The picture, at most 16384 pixels wide and high, and its metadata.
 * @returns The file.
 * @throws {RangeError} If the picture is too large or `rgba` has the wrong length.
 */
export function encodeWebp(options: WebpOptions): Uint8Array<ArrayBuffer> {
  const { width, height, exif = {} } = options;
  checkPicture(options, 16384);
  const image = chunk("VP8L", losslessStream(options));
  const metadata = exifBlock(exif);
  if (metadata === undefined) return riff([image]);
  const flags = 0x18; // alpha, Exif
  const size = [width - 1, height - 1].flatMap((
    value,
  ) => [value & 255, (value >> 8) & 255, value >> 16]);
  return riff([
    chunk("VP8X", Uint8Array.of(flags, 0, 0, 0, ...size)),
    image,
    chunk("EXIF", metadata),
  ]);
}

/** Type, length, content, and a byte where the length is odd. */
function chunk(type: string, content: Uint8Array): Uint8Array {
  const out = new Uint8Array(8 + content.length + content.length % 2);
  out.set(Array.from(type, (character) => character.charCodeAt(0)));
  new DataView(out.buffer).setUint32(4, content.length, true);
  out.set(content, 8);
  return out;
}

function riff(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const size = chunks.reduce((sum, { length }) => sum + length, 4);
  const out = new Uint8Array(8 + size);
  out.set(chunk("RIFF", new Uint8Array(size)).subarray(0, 8));
  out.set(Array.from("WEBP", (character) => character.charCodeAt(0)), 8);
  let at = 12;
  for (const bytes of chunks) {
    out.set(bytes, at);
    at += bytes.length;
  }
  return out;
}
