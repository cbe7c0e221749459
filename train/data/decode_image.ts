import { exifOrientation, turned } from "@emoji/diffusion/orientation";
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

/** Settles with the last JPEG file asked for: each waits for the one before, so that it hears its own complaints alone. */
let lastJpeg: Promise<unknown> = Promise.resolve();

/** Decoders of pixels, how to load them and which files they read. */
const CODECS = {
  png: {
    reads: "a sound PNG",
    wasm: "@jsquash/png/codec/pkg/squoosh_png_bg.wasm",
    init: (module: WebAssembly.Module) => initPng(module),
    decode: (bytes: ArrayBuffer) => decodePng(bytes),
  },
  jpeg: {
    reads: "a sound RGB or grey JPEG",
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
    decode(bytes: ArrayBuffer) {
      const image = lastJpeg.then(() => decodeWholeJpeg(bytes));
      lastJpeg = image.then(() => {}, () => {});
      return image;
    },
  },
  webp: {
    reads: "a sound still WebP",
    wasm: "@jsquash/webp/codec/dec/webp_dec.wasm",
    init: (module: WebAssembly.Module) => initWebp(module),
    decode: (bytes: ArrayBuffer) => decodeWebp(bytes),
  },
};

const loaded = new Map<string, Promise<unknown>>();

/** What may stand before the root element of an XML file: declarations, comments and the document's type. */
const PROLOG = /<\?[^]*?\?>|<!--[^]*?-->|<!DOCTYPE[^[>]*(?:\[[^]*?\]\s*)?>/gi;

/** Tells a file's format by what it begins with, whatever its name says. */
export function imageFormat(bytes: Uint8Array): ImageFormat | undefined {
  const head = String.fromCharCode(...bytes.subarray(0, 12));
  if (head.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (head.startsWith("\xff\xd8\xff")) return "jpeg";
  if (/^RIFF[^]{4}WEBP/.test(head)) return "webp";
  const root = new TextDecoder().decode(bytes).replace(PROLOG, "").trimStart();
  return /^<(?:[\w.-]+:)?svg[\s/>]/i.test(root) ? "svg" : undefined;
}

/**
 * Decodes a PNG, JPEG, WebP or SVG image and turns it upright as its EXIF orientation says.
 *
 * @param bytes The file.
 * @param shortSide Pixels of the shorter side that an SVG image is drawn with; the others have their own size.
 * @throws {TypeError} If the format is none of these.
 * @throws {Error} If the file is damaged, or of a kind that is not read: a CMYK JPEG, an animated WebP.
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
  const { reads, decode } = CODECS[format];
  try {
    const { width, height, data } = await decode(bytes.slice().buffer);
    const rgba = new Uint8Array(data.buffer, data.byteOffset, data.length);
    return turned({ width, height, rgba }, exifOrientation(bytes)); // JPEG is turned already
  } catch (cause) { // the decoders throw what says nothing to a reader
    throw new Error(`Cannot decode the image as it must be ${reads}`, {
      cause,
    });
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
