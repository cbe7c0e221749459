import assert from "node:assert/strict";
import { inflateSync } from "node:zlib";
import { encodeApng } from "../../../shared/png/apng.ts";

const flat = (value: number, ms: number) => ({
  width: 2,
  height: 1,
  ms,
  rgba: Uint8Array.of(value, 0, 0, 255, 0, 0, 0, 0),
});

function chunks(file: Uint8Array): [string, DataView<ArrayBuffer>][] {
  const view = new DataView(file.slice().buffer);
  const found: [string, DataView<ArrayBuffer>][] = [];
  for (let at = 8; at < file.length; at += 12 + view.getUint32(at)) {
    const type = String.fromCharCode(...file.subarray(at + 4, at + 8));
    found.push([type, new DataView(view.buffer, at + 8, view.getUint32(at))]);
  }
  return found;
}

Deno.test("encodeApng() writes a still and then its frames in sequence", () => {
  const file = encodeApng({
    frames: [flat(10, 40), flat(20, 1500)],
    text: { a: "b" },
  });
  const found = chunks(file);
  assert.deepEqual(found.map(([type]) => type), [
    "IHDR",
    "acTL",
    "tEXt",
    "IDAT",
    "fcTL",
    "fdAT",
    "fcTL",
    "fdAT",
    "IEND",
  ]);
  const [, control] = found[1]!;
  assert.deepEqual([control.getUint32(0), control.getUint32(4)], [2, 0]);
  const sequence = found.filter(([type]) => type.startsWith("f")).map((
    [, view],
  ) => view.getUint32(0));
  assert.deepEqual(sequence, [0, 1, 2, 3]);
  const [, second] = found[6]!;
  assert.deepEqual([
    second.getUint32(4),
    second.getUint32(8),
    second.getUint16(20),
    second.getUint16(22),
  ], [2, 1, 1500, 1000]);
  const [, data] = found[7]!;
  const rows = inflateSync(
    new Uint8Array(data.buffer, data.byteOffset + 4, data.byteLength - 4),
  );
  const [, still] = found[3]!;
  assert.deepEqual(
    rows,
    inflateSync(
      new Uint8Array(still.buffer, still.byteOffset, still.byteLength),
    ),
  );
});

Deno.test("encodeApng() refuses no frames and frames of different sizes", () => {
  assert.throws(() => encodeApng({ frames: [] }), /frames must not be empty/);
  const wide = { ...flat(1, 1), width: 1, rgba: new Uint8Array(4) };
  assert.throws(
    () => encodeApng({ frames: [wide, flat(1, 1)] }),
    /all frames must be 1x1: current value is 2x1/,
  );
});

Deno.test("encodeApng() refuses pictures, times and repeats that APNG cannot hold", () => {
  const frame = flat(1, 40);
  const short = { ...frame, rgba: new Uint8Array(4) };
  for (
    const options of [{ frames: [short] }, { frames: [frame], still: short }]
  ) {
    assert.throws(
      () => encodeApng(options),
      /rgba must hold 8 bytes: current value is 4/,
    );
  }
  assert.throws(
    () =>
      encodeApng({ frames: [frame], still: { ...frame, width: 1, height: 2 } }),
    /'still' must be 2x1: current value is 1x2/,
  );
  for (const ms of [70_000, -1, 0.5]) {
    assert.throws(
      () => encodeApng({ frames: [flat(1, ms)] }),
      /ms must be an integer from 0 to 65535/,
    );
  }
  for (const plays of [-1, 0.5, 2 ** 31]) {
    assert.throws(
      () => encodeApng({ frames: [frame], plays }),
      /'plays' must be an integer from 0 to 2147483647/,
    );
  }
});
