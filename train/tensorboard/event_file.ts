/**
 * Files that TensorBoard reads: records of `tensorflow.Event` messages, framed as TFRecord.
 *
 * @module
 */

import { join } from "node:path";
import { Message } from "../onnx/wire.ts";
import { crc32c } from "./crc32c.ts";

/** Where the curves of a run go. */
export interface EventFile {
  /** Its path. */
  readonly path: string;
  /** Appends values by their tags; those that are undefined or not finite are left out. */
  scalars(
    step: number,
    values: Readonly<Record<string, number | undefined>>,
  ): void;
  /** Appends a PNG. */
  image(
    step: number,
    tag: string,
    png: Uint8Array,
    size: { width: number; height: number },
  ): void;
}

/** Field numbers of `event.proto` and `summary.proto`. */
const EVENT = { wallTime: 1, step: 2, fileVersion: 3, summary: 5 };
const SUMMARY_VALUE = 1;
const VALUE = { tag: 1, scalar: 2, image: 4 };
const IMAGE = { height: 1, width: 2, channels: 3, encoded: 4 };
const RGBA = 4;

/**
 * Begins a file in `folder`; a resumed run begins another one, which TensorBoard shows as one curve.
 *
 * @param now Gives the time in milliseconds since 1970.
 */
export function openEventFile(
  folder: string,
  now: () => number = Date.now,
): EventFile {
  Deno.mkdirSync(folder, { recursive: true });
  const name = `events.out.tfevents.${Math.floor(now() / 1000)}.train`;
  const path = join(folder, name);

  function append(event: Message): void {
    Deno.writeFileSync(path, frame(event.finish()), { append: true });
  }
  function event(step: number): Message {
    return new Message().double(EVENT.wallTime, now() / 1000)
      .int(EVENT.step, step);
  }

  append(event(0).text(EVENT.fileVersion, "brain.Event:2"));
  return {
    path,
    scalars(step, values) {
      const summary = new Message();
      for (const [tag, value] of Object.entries(values)) {
        if (value === undefined || !Number.isFinite(value)) continue;
        const entry = new Message().text(VALUE.tag, tag);
        summary.message(SUMMARY_VALUE, entry.float(VALUE.scalar, value));
      }
      append(event(step).message(EVENT.summary, summary));
    },
    image(step, tag, png, { width, height }) {
      const image = new Message().int(IMAGE.height, height)
        .int(IMAGE.width, width).int(IMAGE.channels, RGBA)
        .bytes(IMAGE.encoded, png);
      const entry = new Message().text(VALUE.tag, tag);
      const summary = new Message()
        .message(SUMMARY_VALUE, entry.message(VALUE.image, image));
      append(event(step).message(EVENT.summary, summary));
    },
  };
}

/** A TFRecord: length, its checksum, the data, its checksum; integers little-endian. */
export function frame(data: Uint8Array): Uint8Array<ArrayBuffer> {
  const record = new Uint8Array(data.length + 16);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, masked(record.subarray(0, 8)), true);
  record.set(data, 12);
  view.setUint32(12 + data.length, masked(data), true);
  return record;
}

/** A checksum of data that may hold checksums itself: rotated and shifted, as `crc32c::Mask` of TensorFlow. */
function masked(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return ((crc >>> 15 | crc << 17) + 0xA282EAD8) >>> 0;
}
