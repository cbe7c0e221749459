import { extname } from "node:path";
import { encodeApng } from "@emoji/diffusion/apng";
import { encodeGif } from "@emoji/diffusion/gif";
import { compose, type OwnPicture } from "@emoji/diffusion/image";
import { encodePng, type Picture } from "@emoji/diffusion/png";
import { resizePixel } from "@emoji/diffusion/resize";
import { UsageError } from "../options.ts";

/** Milliseconds that a frame of an animation is shown. */
const FRAME_MS = 80;
const LAST_FRAME_MS = 2000;

/** Options for {@linkcode encodePictureFile}. */
export interface PictureFileOptions {
  /** Path of the file: `.png`, which may be animated, or `.gif`. */
  out: string;
  /**
   * Pixels of the file for a pixel of a picture, along each axis.
   * @default {1}
   */
  scale?: number;
  /**
   * Colour behind the pictures, RRGGBB.
   * @default {none}
   */
  background?: string | undefined;
  /**
   * Text chunks of a PNG by keyword.
   * @default {{}}
   */
  text?: Record<string, string>;
}

/** Throws a {@linkcode UsageError} where `out` is no file that {@linkcode encodePictureFile} can write. */
export function checkPictureFile(
  { out, background }: PictureFileOptions,
): void {
  if (![".png", ".gif"].includes(extname(out))) {
    throw new UsageError(
      `Cannot draw as --out must end with .png or .gif: current value is ${out}`,
    );
  }
  if (background !== undefined && !/^[0-9a-f]{6}$/i.test(background)) {
    throw new UsageError(
      `Cannot draw as --background must be six hexadecimal digits: current value is ${background}`,
    );
  }
}

/** Encodes a picture, or the frames of an animation, whose last one is shown longest. */
export function encodePictureFile(
  pictures: readonly Picture[],
  { out, scale = 1, background, text = {} }: PictureFileOptions,
): Uint8Array {
  const finished = pictures.map((picture) => {
    const { width, height } = picture;
    const scaled = resizePixel(picture, scale * width, scale * height);
    return background === undefined ? scaled : paint(scaled, background);
  });
  const last = finished.at(-1)!;
  const frames = finished.map((picture) => ({
    ...picture,
    ms: picture === last ? LAST_FRAME_MS : FRAME_MS,
  }));
  if (extname(out) === ".gif") return encodeGif({ frames });
  return frames.length > 1
    ? encodeApng({ frames, text })
    : encodePng({ ...last, text });
}

function paint(picture: OwnPicture, background: string): OwnPicture {
  const value = parseInt(background, 16);
  return compose(picture, [
    value >> 16,
    value >> 8 & 255,
    value & 255,
    255,
  ]);
}
