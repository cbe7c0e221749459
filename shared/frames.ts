import { checkPicture, type Picture } from "./png.ts";

/** A picture of an animation and how long it stays. */
export interface Frame extends Picture {
  /** Milliseconds, an integer in 0…65535. */
  readonly ms: number;
}

/**
 * Checks the frames of an animation.
 *
 * @param frames Pictures of one size, at least one.
 * @param most Widest and highest that the format can hold.
 * @returns The first of them.
 * @throws {RangeError} If there is no frame, sizes differ, or a picture or a time is out of range.
 */
export function checkFrames(frames: readonly Frame[], most?: number): Frame {
  const [first] = frames;
  if (first === undefined) {
    throw new RangeError("Cannot encode animation as frames must not be empty");
  }
  const { width, height } = first;
  for (const frame of frames) {
    checkPicture(frame, most);
    if (frame.width !== width || frame.height !== height) {
      throw new RangeError(
        `Cannot encode animation as all frames must be ${width}x${height}: current value is ${frame.width}x${frame.height}`,
      );
    }
    if (!Number.isInteger(frame.ms) || frame.ms < 0 || frame.ms > 65535) {
      throw new RangeError(
        `Cannot encode animation as ms must be an integer from 0 to 65535: current value is ${frame.ms}`,
      );
    }
  }
  return first;
}
