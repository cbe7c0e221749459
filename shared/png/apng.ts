import { checkFrames, type Frame } from "../frames.ts";
import {
  checkPicture,
  compressRows,
  headerChunk,
  isOpaque,
  joinChunks,
  type Picture,
  pngChunk,
  textChunks,
} from "../png.ts";

export type { Frame } from "../frames.ts";

/** What {@linkcode encodeApng} writes. */
export interface ApngOptions {
  /** Pictures of one size, at least one. */
  frames: readonly Frame[];
  /**
   * What programs show that know nothing of animation, of the same size.
   * @default {frames.at(-1)}
   */
  still?: Picture;
  /**
   * How often the animation runs, an integer in 0…2^31 − 1; 0 is for ever.
   * @default {0}
   */
  plays?: number;
  /**
   * Text chunks by keyword, as in {@linkcode encodePng}.
   * @default {{}}
   */
  text?: Readonly<Record<string, string>>;
}

/**
 * Writes an animated PNG (PNG specification, third edition, section 11.3.6).
 *
 * @param options Frames and what to write beside them.
 * @returns The file.
 * @throws {RangeError} If there is no frame, sizes differ, or a picture, a time or `plays` is out of range.
 */
export function encodeApng(options: ApngOptions): Uint8Array<ArrayBuffer> {
  const { frames, plays = 0, text = {} } = options;
  const { width, height } = checkFrames(frames);
  const still = options.still ?? frames.at(-1)!;
  checkPicture(still);
  if (still.width !== width || still.height !== height) {
    throw new RangeError(
      `Cannot encode animation as 'still' must be ${width}x${height}: current value is ${still.width}x${still.height}`,
    );
  }
  if (!Number.isInteger(plays) || plays < 0 || plays > 2 ** 31 - 1) {
    throw new RangeError(
      `Cannot encode animation as 'plays' must be an integer from 0 to ${
        2 ** 31 - 1
      }: current value is ${plays}`,
    );
  }
  const opaque = [still, ...frames].every(({ rgba }) => isOpaque(rgba));
  let sequence = 0;
  return joinChunks([
    headerChunk(width, height, opaque),
    pngChunk("acTL", bigEndian([4, frames.length], [4, plays])),
    ...textChunks(text),
    pngChunk("IDAT", compressRows(still, opaque)), // no fcTL before it: not part of the animation
    ...frames.flatMap((frame) => [
      // sequence, size, offset, delay as a fraction, replace what was there
      pngChunk(
        "fcTL",
        bigEndian(
          [4, sequence++],
          [4, width],
          [4, height],
          [4, 0],
          [4, 0],
          [2, frame.ms],
          [2, 1000],
          [1, 0],
          [1, 0],
        ),
      ),
      pngChunk("fdAT", frameData(sequence++, compressRows(frame, opaque))),
    ]),
    pngChunk("IEND", new Uint8Array()),
  ]);
}

function frameData(sequence: number, rows: Uint8Array): Uint8Array {
  const content = new Uint8Array(4 + rows.length);
  content.set(bigEndian([4, sequence]));
  content.set(rows, 4);
  return content;
}

/** Pairs of byte counts and numbers, the highest byte first. */
function bigEndian(...fields: [bytes: number, value: number][]): Uint8Array {
  return Uint8Array.from(
    fields.flatMap(([bytes, value]) =>
      Array.from(
        { length: bytes },
        (_, k) => (value >>> (8 * (bytes - 1 - k))) & 255,
      )
    ),
  );
}
