import {
  encodePng,
  joinChunks,
  type Picture,
  pngChunk,
} from "../../shared/png.ts";
import { encodeWebp } from "../../shared/webp.ts";

/** Bytes that tell each from the others, side by side. */
export function joined(
  ...parts: readonly (Uint8Array | readonly number[])[]
): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** A TIFF block whose directory has an orientation behind another entry, in the order of Intel or Motorola. */
export function tiffBlock(
  orientation: number,
  little: boolean,
): Uint8Array<ArrayBuffer> {
  const block = new Uint8Array(8 + 2 + 2 * 12 + 4);
  const view = new DataView(block.buffer);
  block.set(little ? [0x49, 0x49] : [0x4D, 0x4D]);
  view.setUint16(2, 42, little);
  view.setUint32(4, 8, little);
  view.setUint16(8, 2, little);
  for (
    const [k, [tag, value]] of [[0x0103, 6], [0x0112, orientation]].entries()
  ) {
    view.setUint16(10 + 12 * k, tag!, little);
    view.setUint16(12 + 12 * k, 3, little);
    view.setUint32(14 + 12 * k, 1, little);
    view.setUint16(18 + 12 * k, value!, little);
  }
  return block;
}

/** A PNG with an Exif block. */
export function pngWithExif(
  picture: Picture,
  block: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const file = encodePng(picture);
  const header = joinChunks([]).length + 25;
  return joined(
    file.subarray(0, header),
    pngChunk("eXIf", block),
    file.subarray(header),
  );
}

/** A WebP with an Exif block. */
export function webpWithExif(
  picture: Picture,
  block: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const whole = encodeWebp({ ...picture, exif: { copyright: "CC0" } });
  const view = new DataView(whole.buffer);
  let at = 12;
  while (view.getUint32(at) !== 0x45584946) { // "EXIF"
    at += 8 + Math.ceil(view.getUint32(at + 4, true) / 2) * 2;
  }
  const file = joined(
    whole.subarray(0, at + 8),
    block,
    Array(block.length % 2).fill(0),
  );
  new DataView(file.buffer).setUint32(4, file.length - 8, true);
  new DataView(file.buffer).setUint32(at + 4, block.length, true);
  return file;
}

/** A JPEG with an Exif block put into it. */
export function jpegWithExif(
  jpeg: Uint8Array,
  block: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const size = block.length + 8;
  return joined(
    [0xFF, 0xD8, 0xFF, 0xE1, size >> 8, size & 255],
    new TextEncoder().encode("Exif\0\0"),
    block,
    jpeg.subarray(2),
  );
}
