import type { Picture } from "./png.ts";

/** What the channels of a network's pictures mean; values in [-1, 1]. */
export type ImageEncoding = "premultiplied-rgba" | "rgb";

/** Shape and meaning of one picture as a network sees it: planes `[channels, height, width]`. */
export interface ImageShape {
  /** Columns. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** 4 for premultiplied RGBA, 3 for RGB. */
  readonly channels: number;
  /** Meaning of the channels. */
  readonly encoding: ImageEncoding;
}

/** A picture whose bytes no one else holds. */
export interface OwnPicture extends Picture {
  readonly rgba: Uint8Array<ArrayBuffer>;
}

/** Options for {@linkcode planesToPicture}. */
export interface PlanesToPictureOptions {
  /**
   * Alpha of this much or less, as a fraction of 1, becomes 0, and alpha this near to 1 becomes 1:
   * hides the last trace of noise in backgrounds and solid areas.
   * @default {0}
   */
  alphaSnap?: number;
}

/** Values of one picture: `channels · height · width`. */
export function pictureSize({ width, height, channels }: ImageShape): number {
  return width * height * channels;
}

/**
 * Turns planes into straight RGBA bytes.
 *
 * Premultiplied colour is clamped to [0, alpha] and divided by alpha before the one rounding, half up; a pixel
 * whose alpha byte is 0 is all zeros.
 *
 * @param planes Planes in [-1, 1] (values outside are clamped), `[channels, height, width]`.
 * @param shape Their shape.
 * @param options How to treat near-transparent and near-solid pixels.
 * @returns The picture.
 * @throws {RangeError} If `planes` does not have the length that `shape` says.
 */
export function planesToPicture(
  planes: Float32Array,
  shape: ImageShape,
  options: PlanesToPictureOptions = {},
): OwnPicture {
  const { alphaSnap = 0 } = options;
  checkPlanes(planes, shape);
  const { width, height } = shape;
  const area = width * height;
  const withAlpha = shape.encoding === "premultiplied-rgba";
  const rgba = new Uint8Array(4 * area);
  for (let i = 0; i < area; i++) {
    const alpha = withAlpha ? snap(unit(planes[3 * area + i]!), alphaSnap) : 1;
    const alphaByte = toByte(alpha);
    if (alphaByte === 0) continue;
    for (let channel = 0; channel < 3; channel++) {
      rgba[4 * i + channel] = toByte(
        Math.min(1, unit(planes[channel * area + i]!) / alpha),
      );
    }
    rgba[4 * i + 3] = alphaByte;
  }
  return { width, height, rgba };
}

/** Options for {@linkcode pictureToPlanes}. */
export interface PictureToPlanesOptions {
  /**
   * What shows through where an RGB network has no alpha: red, green, blue in [0, 255].
   * @default {[255, 255, 255]}
   */
  background?: readonly [number, number, number];
}

/**
 * Turns straight RGBA bytes into planes in [-1, 1]: premultiplied, or composed on a background for
 * networks without alpha.
 *
 * @param picture A picture of the size of `shape`.
 * @param shape The network's picture.
 * @param options The background.
 * @returns Planes `[channels, height, width]`.
 * @throws {RangeError} If the picture is not of the size that `shape` says.
 */
export function pictureToPlanes(
  picture: Picture,
  shape: ImageShape,
  options: PictureToPlanesOptions = {},
): Float32Array {
  const { background = [255, 255, 255] } = options;
  const { width, height, rgba } = picture;
  if (width !== shape.width || height !== shape.height) {
    throw new RangeError(
      `Cannot convert picture as its size must be ${shape.width}x${shape.height}: current value is ${width}x${height}`,
    );
  }
  const area = width * height;
  const withAlpha = shape.encoding === "premultiplied-rgba";
  const planes = new Float32Array(pictureSize(shape));
  for (let i = 0; i < area; i++) {
    const alpha = rgba[4 * i + 3]! / 255;
    for (let channel = 0; channel < 3; channel++) {
      const below = withAlpha ? 0 : background[channel]! * (1 - alpha);
      planes[channel * area + i] =
        (rgba[4 * i + channel]! * alpha + below) / 127.5 - 1;
    }
    if (withAlpha) planes[3 * area + i] = 2 * alpha - 1;
  }
  return planes;
}

/**
 * Lays a picture over a colour.
 *
 * @param picture A picture with transparency.
 * @param background Red, green, blue and alpha in [0, 255].
 * @returns A new picture (Porter and Duff, 1984: source over).
 */
export function compose(
  picture: Picture,
  background: readonly [number, number, number, number],
): OwnPicture {
  const { width, height, rgba } = picture;
  const out = new Uint8Array(rgba.length);
  for (let i = 0; i < rgba.length; i += 4) {
    const over = rgba[i + 3]! / 255;
    const under = (background[3] / 255) * (1 - over);
    const alpha = over + under;
    if (alpha === 0) continue;
    for (let channel = 0; channel < 3; channel++) {
      out[i + channel] =
        (rgba[i + channel]! * over + background[channel]! * under) / alpha +
        0.5;
    }
    out[i + 3] = toByte(alpha);
  }
  return { width, height, rgba: out };
}

/** Options for {@linkcode tile}. */
export interface TileOptions {
  /**
   * Pictures a row.
   * @default {Math.ceil(Math.sqrt(pictures.length))}
   */
  columns?: number;
  /**
   * Transparent pixels between pictures.
   * @default {0}
   */
  gap?: number;
}

/**
 * Lays pictures of one size out on a transparent sheet, row by row.
 *
 * @param pictures At least one; all of the size of the first.
 * @param options The layout.
 * @returns The sheet.
 * @throws {RangeError} If there is no picture or sizes differ.
 */
export function tile(
  pictures: readonly Picture[],
  options: TileOptions = {},
): OwnPicture {
  const { columns = Math.ceil(Math.sqrt(pictures.length)), gap = 0 } = options;
  const first = pictures[0];
  if (first === undefined) {
    throw new RangeError("Cannot tile as pictures must not be empty");
  }
  const rows = Math.ceil(pictures.length / columns);
  const width = columns * (first.width + gap) - gap;
  const height = rows * (first.height + gap) - gap;
  const rgba = new Uint8Array(4 * width * height);
  pictures.forEach((picture, index) => {
    if (picture.width !== first.width || picture.height !== first.height) {
      throw new RangeError(
        `Cannot tile as all pictures must be ${first.width}x${first.height}: current value is ${picture.width}x${picture.height}`,
      );
    }
    const left = (index % columns) * (first.width + gap);
    const top = Math.floor(index / columns) * (first.height + gap);
    for (let y = 0; y < first.height; y++) {
      const row = picture.rgba.subarray(
        4 * y * first.width,
        4 * (y + 1) * first.width,
      );
      rgba.set(row, 4 * ((top + y) * width + left));
    }
  });
  return { width, height, rgba };
}

/** [-1, 1] to [0, 1]; NaN becomes 0. */
function unit(value: number): number {
  const scaled = (value + 1) / 2;
  return scaled > 0 ? (scaled < 1 ? scaled : 1) : 0;
}

function snap(alpha: number, near: number): number {
  if (alpha <= near) return 0;
  return alpha >= 1 - near ? 1 : alpha;
}

/** [0, 1] to 0…255, half up. */
function toByte(value: number): number {
  return Math.floor(value * 255 + 0.5);
}

function checkPlanes(planes: Float32Array, shape: ImageShape): void {
  const size = pictureSize(shape);
  if (planes.length !== size) {
    throw new RangeError(
      `Cannot convert planes as they must hold ${size} values: current value is ${planes.length}`,
    );
  }
}
