import { fileURLToPath } from "node:url";
import { compileFile } from "./compile_file.ts";
import { type CodecName, pictureDecoder } from "./decode.ts";

/** Where the WebAssembly files of the codecs are, in the packages that they come in. */
export const CODEC_FILES: Readonly<Record<CodecName, string>> = {
  png: file("png/codec/pkg/squoosh_png_bg.wasm"),
  jpeg: file("jpeg/codec/dec/mozjpeg_dec.wasm"),
  webp: file("webp/codec/dec/webp_dec.wasm"),
};

/** Decodes pictures, where the packages are installed. */
export const decodePicture = pictureDecoder((name) =>
  compileFile(CODEC_FILES[name])
);

function file(path: string): string {
  return fileURLToPath(import.meta.resolve(`@jsquash/${path}`));
}
