import type { Picture } from "@emoji/diffusion/png";
import decodeJpeg, { init as initJpeg } from "@jsquash/jpeg/decode.js";
import decodePng, { init as initPng } from "@jsquash/png/decode.js";
import decodeWebp, { init as initWebp } from "@jsquash/webp/decode.js";
import { readPackageBytes } from "./package_file.ts";
import { straighten } from "./premultiply.ts";
import { loadRasterizer, rasterize } from "./rasterize.ts";

/** Formats that {@linkcode decodeImage} reads. */
export type ImageFormat = "png" | "jpeg" | "webp" | "svg";

/** What the JPEG decoder has to say about the file it reads. */
const complaints: string[] = [];

/** Decoders of pixels, and how to load them. */
const CODECS = {
  png: {
    wasm: "@jsquash/png/codec/pkg/squoosh_png_bg.wasm",
    init: (module: WebAssembly.Module) => initPng(module),
    decode: (bytes: ArrayBuffer) => decodePng(bytes),
  },
  jpeg: {
    wasm: "@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm",
    init: (module: WebAssembly.Module) =>
      initJpeg({
        printErr: (line: string) => complaints.push(line),
        instantiateWasm(
          imports: WebAssembly.Imports,
          done: (instance: WebAssembly.Instance) => void,
        ) {
          const instance = new WebAssembly.Instance(module, imports);
          done(instance);
          return instance.exports;
        },
      }),
    decode: decodeWholeJpeg,
  },
  webp: {
    wasm: "@jsquash/webp/codec/dec/webp_dec.wasm",
    init: (module: WebAssembly.Module) => initWebp(module),
    decode: (bytes: ArrayBuffer) => decodeWebp(bytes),
  },
};

const loaded = new Map<string, Promise<unknown>>();

/** Tells a file's format by its first bytes, whatever its name says. */
export function imageFormat(bytes: Uint8Array): ImageFormat | undefined {
  const head = String.fromCharCode(...bytes.subarray(0, 1024));
  if (head.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (head.startsWith("\xff\xd8\xff")) return "jpeg";
  if (/^RIFF[^]{4}WEBP/.test(head)) return "webp";
  return /^(?:\xef\xbb\xbf)?\s*<[^]*<svg|^(?:\xef\xbb\xbf)?\s*<svg/i.test(head)
    ? "svg"
    : undefined;
}

/**
 * Decodes a PNG, JPEG, WebP or SVG image.
 *
 * @param bytes The file.
 * @param shortSide Pixels of the shorter side that an SVG image is drawn with; the others have their own size.
 * @throws {TypeError} If the format is none of these.
 * @throws {Error} If the file is damaged.
 */
export async function decodeImage(
  bytes: Uint8Array<ArrayBuffer>,
  shortSide: number,
): Promise<Picture> {
  const format = imageFormat(bytes);
  if (format === undefined) {
    throw new TypeError(
      "Cannot decode the image as it must be PNG, JPEG, WebP or SVG",
    );
  }
  if (format === "svg") {
    await loadRasterizer();
    const { width, height, pixels } = rasterize(
      new TextDecoder().decode(bytes),
      shortSide,
    );
    return { width, height, rgba: straighten(pixels) };
  }
  await load(format);
  try {
    const { width, height, data } = await CODECS[format].decode(
      bytes.slice().buffer,
    );
    return {
      width,
      height,
      rgba: new Uint8Array(data.buffer, data.byteOffset, data.length),
    };
  } catch (cause) { // the decoders throw what says nothing to a reader
    throw new Error(
      `Cannot decode the image as it must be sound ${format.toUpperCase()}`,
      { cause },
    );
  }
}

/** libjpeg paints what is missing of a file grey and goes on; this throws. */
async function decodeWholeJpeg(bytes: ArrayBuffer): Promise<ImageData> {
  complaints.length = 0;
  const image = await decodeJpeg(bytes, { preserveOrientation: true });
  const end = complaints.find((line) => line.includes("Premature end"));
  if (end !== undefined) throw new RangeError(end);
  return image;
}

async function load(format: keyof typeof CODECS): Promise<void> {
  const { wasm, init } = CODECS[format];
  const start = async () =>
    init(await WebAssembly.compile(await readPackageBytes(wasm)));
  if (!loaded.has(format)) loaded.set(format, start());
  await loaded.get(format);
}
