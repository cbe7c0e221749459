import assert from "node:assert/strict";
import { crc32, inflateSync } from "node:zlib";
import { encodePng, type Picture } from "../../shared/png.ts";

/** A soft disc with some noise: what an emoji looks like to a compressor. */
function disc(width: number, height: number, noise = 0): Picture {
  const rgba = new Uint8Array(4 * width * height);
  let random = 1;
  for (let i = 0; i < width * height; i++) {
    const x = (i % width) - width / 2 + 0.5;
    const y = Math.floor(i / width) - height / 2 + 0.5;
    const radius = Math.sqrt(x * x + y * y) / (width / 2);
    random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
    const grain = (random >>> 24) % (2 * noise + 1);
    if (radius > 0.95) continue;
    const alpha = radius < 0.85 ? 255 : 255 * (0.95 - radius) / 0.1;
    rgba.set(
      [245 + grain, 200 - 40 * radius + grain, 40 + grain, alpha],
      4 * i,
    );
  }
  return { width, height, rgba };
}

/** Reads what {@linkcode encodePng} writes with the host's own inflate. */
function decode(
  file: Uint8Array,
): Picture & { chunks: [string, Uint8Array][] } {
  const view = new DataView(file.buffer, file.byteOffset);
  assert.deepEqual([...file.subarray(0, 8)], [137, 80, 78, 71, 13, 10, 26, 10]);
  const chunks: [string, Uint8Array][] = [];
  for (let at = 8; at < file.length;) {
    const length = view.getUint32(at);
    const type = new TextDecoder().decode(file.subarray(at + 4, at + 8));
    assert.equal(
      view.getUint32(at + 8 + length),
      crc32(file.subarray(at + 4, at + 8 + length)),
    );
    chunks.push([type, file.subarray(at + 8, at + 8 + length)]);
    at += 12 + length;
  }
  const header = new DataView(chunks[0]![1].slice().buffer);
  const width = header.getUint32(0);
  const height = header.getUint32(4);
  assert.equal(header.getUint8(8), 8);
  const channels = header.getUint8(9) === 6 ? 4 : 3;
  const raw = inflateSync(chunks.find(([type]) => type === "IDAT")![1]);
  const stride = width * channels;
  assert.equal(raw.length, (stride + 1) * height);
  const rows = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < stride; x++) {
      const left = x < channels ? 0 : rows[y * stride + x - channels]!;
      const up = y === 0 ? 0 : rows[(y - 1) * stride + x]!;
      const corner = x < channels || y === 0
        ? 0
        : rows[(y - 1) * stride + x - channels]!;
      const estimate = left + up - corner;
      const paeth = [left, up, corner].reduce((best, next) =>
        Math.abs(estimate - next) < Math.abs(estimate - best) ? next : best
      );
      const predicted = [
        0,
        left,
        up,
        (left + up) >> 1,
        paeth,
      ][raw[y * (stride + 1)]!]!;
      rows[y * stride + x] = raw[y * (stride + 1) + 1 + x]! + predicted;
    }
  }
  const rgba = Uint8Array.from(
    { length: 4 * width * height },
    (_, i) =>
      channels === 4
        ? rows[i]!
        : i % 4 === 3
        ? 255
        : rows[3 * (i >> 2) + i % 4]!,
  );
  return { width, height, rgba, chunks };
}

Deno.test("encodePng() round-trips pictures of many shapes", () => {
  for (
    const [width, height] of [[1, 1], [1, 7], [5, 3], [32, 32], [33, 64], [
      200,
      150,
    ]] as const
  ) {
    for (const noise of [0, 5]) {
      const picture = disc(width, height, noise);
      const decoded = decode(encodePng(picture));
      assert.deepEqual([decoded.width, decoded.height], [width, height]);
      assert.deepEqual(decoded.rgba, picture.rgba);
    }
  }
});

Deno.test("encodePng() leaves alpha out of opaque pictures", () => {
  const picture = disc(16, 16);
  picture.rgba.forEach((_, i) => i % 4 === 3 && (picture.rgba[i] = 255));
  const file = encodePng(picture);
  assert.equal(file[25], 2);
  assert.deepEqual(decode(file).rgba, picture.rgba);
});

Deno.test("encodePng() gives the same bytes on every host", async () => {
  const file = encodePng(disc(32, 32, 3));
  const hash = await crypto.subtle.digest("SHA-256", file);
  assert.equal(
    new Uint8Array(hash).toHex(),
    "d52eeb2991aeaaf6987d4fa83e616f4530a5876b98b71fcb629e3b7f0d0c5f5c",
  );
});

Deno.test("encodePng() writes text chunks in the order of their keywords", () => {
  const { chunks } = decode(
    encodePng({
      ...disc(4, 4),
      text: { b: "two", a: "one", Title: "naïve 🙂" },
    }),
  );
  const texts = chunks.filter(([type]) =>
    type.endsWith("EXt") || type === "tEXt" || type === "iTXt"
  );
  assert.deepEqual(
    texts.map(([type, content]) => [type, new TextDecoder().decode(content)]),
    [
      ["iTXt", "Title\0\0\0\0\0naïve 🙂"],
      ["tEXt", "a\0one"],
      ["tEXt", "b\0two"],
    ],
  );
});

Deno.test("encodePng() refuses pictures and keywords that PNG cannot hold", () => {
  const { rgba } = disc(2, 2);
  assert.throws(
    () => encodePng({ width: 0, height: 2, rgba }),
    /width must be an integer from 1 to 2147483647: current value is 0/,
  );
  assert.throws(
    () => encodePng({ width: 2, height: 3, rgba }),
    /rgba must hold 24 bytes: current value is 16/,
  );
  assert.throws(
    () => encodePng({ width: 2, height: 2, rgba, text: { "": "x" } }),
    /keyword must be/,
  );
  assert.throws(
    () => encodePng({ width: 2, height: 2, rgba, text: { a: "x\0" } }),
    /NUL/,
  );
});
