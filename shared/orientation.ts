import type { Picture } from "./png.ts";

/**
 * How a picture lies in its file, as EXIF numbers it: turned by half a turn in 3, mirrored in 2 and 4, on its side in 6 and 8,
 * mirrored and on its side in 5 and 7; upright in 1.
 */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** Tag of the orientation in a TIFF directory (Exif 3.0, section 4.6.5.1). */
const ORIENTATION = 0x0112;
/** TIFF's type of a 16-bit number. */
const SHORT = 3;

/**
 * Reads the orientation from a PNG's eXIf chunk or a WebP's EXIF chunk, for decoders that do not heed it. Those of JPEG do.
 *
 * @param file The file.
 * @returns The orientation; 1 where the file has none, is of another format, or what it says is damaged.
 */
export function exifOrientation(file: Uint8Array): Orientation {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  try {
    const block = exifOfPng(view) ?? exifOfWebp(view);
    const value = block === undefined ? 1 : readOrientation(block);
    return value >= 1 && value <= 8 ? value as Orientation : 1;
  } catch (error) {
    if (error instanceof RangeError) return 1; // ends too early
    throw error;
  }
}

/**
 * Turns a picture upright.
 *
 * @param picture The picture as it lies in its file.
 * @param orientation How it lies there.
 * @returns A new picture, or the same where it is upright.
 */
export function turned(picture: Picture, orientation: Orientation): Picture {
  if (orientation === 1) return picture;
  const { width, height } = picture;
  const onSide = orientation >= 5;
  const fromRight = [2, 3, 7, 8].includes(orientation);
  const fromBottom = [3, 4, 6, 7].includes(orientation);
  const [columns, rows] = onSide ? [height, width] : [width, height];
  const from = new Uint32Array(Uint8Array.from(picture.rgba).buffer);
  const to = new Uint32Array(columns * rows);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const [across, down] = onSide ? [y, x] : [x, y];
      const column = fromRight ? width - 1 - across : across;
      const row = fromBottom ? height - 1 - down : down;
      to[y * columns + x] = from[row * width + column]!;
    }
  }
  return { width: columns, height: rows, rgba: new Uint8Array(to.buffer) };
}

/** Content of the chunk eXIf (PNG, third edition, section 11.3.3.2). */
function exifOfPng(view: DataView): DataView | undefined {
  if (view.getUint32(0) !== 0x89504E47 || view.getUint32(4) !== 0x0D0A1A0A) {
    return undefined;
  }
  for (let at = 8; at < view.byteLength;) {
    const size = view.getUint32(at);
    if (view.getUint32(at + 4) === 0x65584966) return part(view, at + 8, size);
    at += 12 + size;
  }
  return undefined;
}

/** Content of the chunk EXIF (RFC 9649, section 2.7.1.4). */
function exifOfWebp(view: DataView): DataView | undefined {
  if (view.getUint32(0) !== 0x52494646 || view.getUint32(8) !== 0x57454250) {
    return undefined;
  }
  for (let at = 12; at < view.byteLength;) {
    const size = view.getUint32(at + 4, true);
    if (view.getUint32(at) === 0x45584946) return part(view, at + 8, size);
    at += 8 + size + size % 2;
  }
  return undefined;
}

/** The value in the first directory of a TIFF block, which some put "Exif\0\0" before as in JPEG; 1 where there is none. */
function readOrientation(block: DataView): number {
  const tiff = block.getUint32(0) === 0x45786966 ? part(block, 6) : block;
  const order = tiff.getUint16(0);
  if (order !== 0x4949 && order !== 0x4D4D) return 1; // "II", "MM"
  const little = order === 0x4949;
  if (tiff.getUint16(2, little) !== 42) return 1;
  const directory = tiff.getUint32(4, little);
  const entries = tiff.getUint16(directory, little);
  for (let k = 0; k < entries; k++) {
    const at = directory + 2 + 12 * k;
    if (tiff.getUint16(at, little) !== ORIENTATION) continue;
    const whole = tiff.getUint16(at + 2, little) === SHORT &&
      tiff.getUint32(at + 4, little) === 1;
    return whole ? tiff.getUint16(at + 8, little) : 1;
  }
  return 1;
}

/** Some bytes, all that follow by default; throws a RangeError where there are fewer. */
function part(
  view: DataView,
  at: number,
  size: number = view.byteLength - at,
): DataView {
  return new DataView(view.buffer, view.byteOffset + at, size);
}
