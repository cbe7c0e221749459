import type { Picture } from "@emoji/diffusion/png";
import decodeJpeg from "@jsquash/jpeg/decode.js";
import decodePng from "@jsquash/png/decode.js";
import decodeWebp from "@jsquash/webp/decode.js";
import type { SniffedPicture } from "./sniff.ts";

/** Decodes a picture whose header was read before. Rejects where the file is broken. */
export type PictureDecoder = (
  bytes: Uint8Array<ArrayBuffer>,
  type: SniffedPicture["type"],
) => Promise<Picture>;

const DECODERS = { png: decodePng, jpeg: decodeJpeg, webp: decodeWebp };

/** Decodes with Squoosh's codecs in WebAssembly, on hosts that can read their files. */
export const decodePicture: PictureDecoder = async (bytes, type) => {
  const { width, height, data } = await DECODERS[type](bytes.buffer);
  return { width, height, rgba: new Uint8Array(data.buffer) };
};
