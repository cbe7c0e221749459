import assert from "node:assert/strict";
import { encodeGif } from "../../shared/gif.ts";

interface Decoded {
  width: number;
  height: number;
  loops: boolean;
  comment: string;
  frames: { delay: number; rgba: Uint8Array }[];
}

/** A plain reader of what GIF89a says, to hold the writer against. */
function decode(file: Uint8Array): Decoded {
  const view = new DataView(file.slice().buffer);
  assert.equal(new TextDecoder().decode(file.subarray(0, 6)), "GIF89a");
  const decoded: Decoded = {
    width: view.getUint16(6, true),
    height: view.getUint16(8, true),
    loops: false,
    comment: "",
    frames: [],
  };
  let at = 13;
  let delay = 0;
  let clear = -1;
  const blocks = () => {
    const bytes: number[] = [];
    for (let size = file[at++]!; size > 0; size = file[at++]!) {
      bytes.push(...file.subarray(at, at + size));
      at += size;
    }
    return bytes;
  };
  while (file[at] !== 0x3B) {
    if (file[at] === 0x21) {
      const label = file[at + 1];
      at += 2;
      if (label === 0xF9) {
        delay = view.getUint16(at + 2, true);
        clear = file[at + 1]! & 1 ? file[at + 4]! : -1;
      }
      const bytes = blocks();
      if (label === 0xFF) {
        decoded.loops =
          String.fromCharCode(...bytes.slice(0, 11)) === "NETSCAPE2.0";
      }
      if (label === 0xFE) {
        decoded.comment = new TextDecoder().decode(Uint8Array.from(bytes));
      }
      continue;
    }
    assert.equal(file[at], 0x2C);
    const colours = 2 ** ((file[at + 9]! & 7) + 1);
    const palette = file.subarray(at + 10, at + 10 + 3 * colours);
    at += 10 + 3 * colours;
    const bits = file[at++]!;
    const indices = decompress(blocks(), bits);
    assert.equal(indices.length, decoded.width * decoded.height);
    const rgba = Uint8Array.from(
      indices.flatMap((i) =>
        i === clear
          ? [0, 0, 0, 0]
          : [...palette.subarray(3 * i, 3 * i + 3), 255]
      ),
    );
    decoded.frames.push({ delay, rgba });
  }
  return decoded;
}

function decompress(bytes: number[], bits: number): number[] {
  const clear = 1 << bits;
  const out: number[] = [];
  let table: number[][] = [];
  let width = bits + 1;
  let before: number[] | undefined;
  for (let at = 0;;) {
    let code = 0;
    for (let k = 0; k < width; k++, at++) {
      code |= ((bytes[at >> 3]! >> (at & 7)) & 1) << k;
    }
    if (code === clear) {
      table = Array.from({ length: clear + 2 }, (_, i) => [i]);
      width = bits + 1;
      before = undefined;
      continue;
    }
    if (code === clear + 1) return out;
    const entry: number[] = table[code] ?? [...before!, before![0]!];
    out.push(...entry);
    if (before !== undefined && table.length < 4096) {
      table.push([...before, entry[0]!]);
      if (table.length === 1 << width && width < 12) width++;
    }
    before = entry;
  }
}

function frame(
  width: number,
  height: number,
  colour: (i: number) => number[],
  ms = 100,
) {
  return {
    width,
    height,
    ms,
    rgba: Uint8Array.from(
      Array.from({ length: width * height }, (_, i) => colour(i)).flat(),
    ),
  };
}

Deno.test("encodeGif() keeps pictures of few colours exactly", () => {
  const frames = [
    frame(7, 5, (i) => [i * 7, 255 - i, 3, 255], 120),
    frame(7, 5, (i) => i % 2 === 0 ? [0, 0, 0, 0] : [9, 8, 7, 255], 40),
    frame(7, 5, () => [0, 0, 0, 0]),
    frame(7, 5, () => [1, 2, 3, 255]),
  ];
  const decoded = decode(encodeGif({ frames, comment: "naïve" }));
  assert.deepEqual([
    decoded.width,
    decoded.height,
    decoded.loops,
    decoded.comment,
  ], [7, 5, true, "naïve"]);
  assert.deepEqual(decoded.frames.map(({ delay }) => delay), [12, 4, 10, 10]);
  decoded.frames.forEach(({ rgba }, k) =>
    assert.deepEqual(rgba, frames[k]!.rgba)
  );
});

Deno.test("encodeGif() survives tables of 4096 codes and brings many colours near", () => {
  let random = 5;
  const noise = frame(200, 150, () => {
    random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
    return [random >>> 24, (random >>> 16) & 255, (random >>> 8) & 255, 255];
  });
  const { rgba } = decode(encodeGif({ frames: [noise] })).frames[0]!;
  const error =
    rgba.reduce((sum, value, i) => sum + Math.abs(value - noise.rgba[i]!), 0) /
    rgba.length;
  assert.ok(error < 16, `mean error ${error}`);
  const smooth = frame(
    64,
    64,
    (i) => [2 * (i % 64), Math.floor(i / 32), 100, 255],
  );
  const near = decode(encodeGif({ frames: [smooth] })).frames[0]!.rgba;
  assert.ok(near.every((value, i) => Math.abs(value - smooth.rgba[i]!) <= 16));
});

Deno.test("encodeGif() makes half-transparent pixels one or the other", () => {
  const { rgba } = decode(
    encodeGif({ frames: [frame(2, 1, (i) => [50, 60, 70, 127 + i])] }),
  ).frames[0]!;
  assert.deepEqual([...rgba], [0, 0, 0, 0, 50, 60, 70, 255]);
  assert.throws(() => encodeGif({ frames: [] }), /frames must not be empty/);
});

Deno.test("encodeGif() refuses frames that GIF cannot hold", () => {
  const white = () => [255, 255, 255, 255];
  const small = frame(2, 2, white);
  assert.throws(
    () => encodeGif({ frames: [small, frame(5, 5, white)] }),
    /all frames must be 2x2: current value is 5x5/,
  );
  assert.throws(
    () => encodeGif({ frames: [frame(65536, 1, white)] }),
    /width must be an integer from 1 to 65535: current value is 65536/,
  );
  assert.throws(
    () => encodeGif({ frames: [{ ...small, width: 4, height: 4 }] }),
    /rgba must hold 64 bytes: current value is 16/,
  );
  for (const ms of [700_000, -1, 0.5, NaN]) {
    assert.throws(
      () => encodeGif({ frames: [small, { ...small, ms }] }),
      /ms must be an integer from 0 to 65535/,
    );
  }
});
