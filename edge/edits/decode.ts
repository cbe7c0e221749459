import { exifOrientation, turned } from "@emoji/diffusion/orientation";
import type { Picture } from "@emoji/diffusion/png";
import { type Fit, fitPicture } from "./fit.ts";
import type { SniffedPicture } from "./sniff.ts";
import { UnreadablePicture } from "./unreadable_picture.ts";

/** A kind of file that can be read. */
export type CodecName = SniffedPicture["type"];

/**
 * Decodes a picture whose header was read before, turns it upright as its EXIF says and brings it to the size of the
 * network's: what is large is done in one place, which may be another thread. May take the bytes away. Rejects with
 * {@linkcode UnreadablePicture} where the file is broken.
 */
export type PictureDecoder = (
  bytes: Uint8Array<ArrayBuffer>,
  type: CodecName,
  fit: Fit,
) => Promise<Picture>;

/** The part of a decoder that we need. */
type Decode = (bytes: ArrayBuffer) => Promise<ImageData>;

/**
 * Decodes with Squoosh's codecs in WebAssembly: the same pixels on every host.
 *
 * @param load Reads the WebAssembly module of a codec; called when the first picture of its kind comes.
 */
export function pictureDecoder(
  load: (name: CodecName) => Promise<WebAssembly.Module>,
): PictureDecoder {
  const decoders = new Map<CodecName, Promise<Decode>>();
  return async (bytes, type, fit) => {
    let decoder = decoders.get(type);
    if (decoder === undefined) {
      decoder = makeDecoder(type, load);
      decoders.set(type, decoder);
      decoder.catch(() => decoders.delete(type));
    }
    const decode = await decoder;
    const { width, height, data } = await decode(bytes.buffer).catch(
      (cause) => {
        throw new UnreadablePicture(
          `Cannot decode picture as it must be a sound ${type} file`,
          { cause },
        );
      },
    );
    const rgba = new Uint8Array(data.buffer);
    const upright = turned({ width, height, rgba }, exifOrientation(bytes));
    return fitPicture(upright, fit);
  };
}

async function makeDecoder(
  name: CodecName,
  load: (name: CodecName) => Promise<WebAssembly.Module>,
): Promise<Decode> {
  const [{ init, default: decode }, module] = await Promise.all([
    importCodec(name),
    load(name),
  ]);
  // The PNG codec makes an ImageData, which servers other than Deno lack; the others bring their own.
  globalThis.ImageData ??= PlainImageData as unknown as typeof ImageData;
  await init(module);
  return decode;
}

async function importCodec(name: CodecName) {
  switch (name) {
    case "png":
      return await import("@jsquash/png/decode.js");
    case "jpeg": {
      const { init, default: decode } = await import("@jsquash/jpeg/decode.js");
      const upright: Decode = (bytes) =>
        decode(bytes, { preserveOrientation: true });
      return { init, default: upright };
    }
    case "webp":
      return await import("@jsquash/webp/decode.js");
  }
}

class PlainImageData {
  constructor(
    readonly data: Uint8ClampedArray,
    readonly width: number,
    readonly height: number,
  ) {}
}
