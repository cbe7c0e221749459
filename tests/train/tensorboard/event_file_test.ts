import assert from "node:assert/strict";
import { crc32c } from "../../../train/tensorboard/crc32c.ts";
import { frame, openEventFile } from "../../../train/tensorboard/event_file.ts";
import { readFields } from "../../../train/onnx/read_fields.ts";

/** The messages of a file, by its frames' lengths. */
function records(file: Uint8Array): Uint8Array[] {
  const found: Uint8Array[] = [];
  for (let at = 0; at < file.length;) {
    const view = new DataView(file.buffer, file.byteOffset + at);
    const length = Number(view.getBigUint64(0, true));
    const data = file.slice(at + 12, at + 12 + length);
    assert.deepEqual(frame(data), file.slice(at, at + length + 16));
    found.push(data);
    at += length + 16;
  }
  return found;
}

/** Tags and values of a summary's message. */
function values(event: Uint8Array): [tag: string, value: number][] {
  const summary = [...readFields(event)].find(({ number }) => number === 5)!;
  return [...readFields(summary.bytes)].map(({ bytes }) => {
    const [tag, value] = readFields(bytes);
    const view = new DataView(value!.bytes.slice().buffer);
    return [new TextDecoder().decode(tag!.bytes), view.getFloat32(0, true)];
  });
}

Deno.test("crc32c() gives the check values of RFC 3720 and of the catalogue", () => {
  assert.equal(crc32c(new TextEncoder().encode("123456789")), 0xE3069283);
  assert.equal(crc32c(new Uint8Array(32)), 0x8A9136AA);
  assert.equal(crc32c(new Uint8Array(32).fill(255)), 0x62A8AB43);
});

Deno.test("frame() writes the bytes of TensorFlow's record writer", () => {
  // tensorboard 2.21: RecordWriter(file).write(b"abc"), and of b""
  assert.equal(
    frame(new Uint8Array()).toHex(),
    "000000000000000029039807d8ea82a2",
  );
  assert.equal(
    frame(new TextEncoder().encode("abc")).toHex(),
    "0300000000000000b099490e6162636e57f121",
  );
});

Deno.test("openEventFile() writes a version and finite values under their tags and steps", async () => {
  const dir = await Deno.makeTempDir();
  const events = openEventFile(`${dir}/tensorboard`, () => 1_700_000_000_500);
  assert.match(events.path, /events\.out\.tfevents\.1700000000\.train$/);
  events.scalars(300, { "loss/batch": 0.5, a: NaN, b: undefined, c: 2 });
  events.image(300, "samples", Uint8Array.of(1, 2, 3), {
    width: 20,
    height: 10,
  });
  const [version, scalars, image, more] = records(
    await Deno.readFile(events.path),
  );
  assert.equal(more, undefined);
  const fields = [...readFields(version!)];
  assert.equal(new TextDecoder().decode(fields.at(-1)!.bytes), "brain.Event:2");
  const [time, step] = [...readFields(scalars!)];
  const view = new DataView(time!.bytes.slice().buffer);
  assert.equal(view.getFloat64(0, true), 1_700_000_000.5);
  assert.deepEqual([step!.number, step!.integer], [2, 300]);
  assert.deepEqual(values(scalars!), [["loss/batch", 0.5], ["c", 2]]);

  const summary = [...readFields(image!)].at(-1)!.bytes;
  const [value] = readFields(summary);
  const [, picture] = readFields(value!.bytes);
  assert.equal(picture!.number, 4);
  assert.deepEqual(
    [...readFields(picture!.bytes)].map(({ number, integer, bytes }) =>
      bytes.length === 0 ? [number, integer] : [number, ...bytes]
    ),
    [[1, 10], [2, 20], [3, 4], [4, 1, 2, 3]],
  );
  await Deno.remove(dir, { recursive: true });
});
