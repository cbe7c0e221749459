import assert from "node:assert/strict";
import decode from "npm:@jsquash/webp@1.5.0/decode.js";
import { encodeWebp } from "../../shared/webp.ts";

/** A disc; `grain` gives every pixel a colour of its own. */
function disc(width: number, height: number, grain: boolean) {
  const rgba = new Uint8Array(4 * width * height);
  let random = 1;
  for (let i = 0; i < width * height; i++) {
    const x = i % width - width / 2;
    const y = Math.floor(i / width) - height / 2;
    random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
    const extra = grain ? random >>> 26 : 0;
    if (x * x + y * y < width * width / 5) {
      rgba.set([180 + extra, 150 - y / 10 + extra, 30, 255 - extra], 4 * i);
    }
  }
  return { width, height, rgba };
}

Deno.test("encodeWebp() round-trips pictures of many shapes through libwebp", async () => {
  for (
    const [width, height] of [[1, 1], [2, 1], [5, 3], [32, 32], [33, 64], [
      200,
      150,
    ], [700, 520]] as const
  ) {
    for (const grain of [false, true]) {
      const picture = disc(width, height, grain);
      const file = encodeWebp({
        ...picture,
        ...(grain &&
          { exif: { copyright: "©", software: "x", description: "y" } }),
      });
      const decoded = await decode(file.buffer);
      assert.deepEqual([decoded.width, decoded.height], [width, height]);
      assert.deepEqual(
        new Uint8Array(decoded.data.buffer),
        picture.rgba,
        `${width}x${height} ${grain}`,
      );
    }
  }
});

Deno.test("encodeWebp() refers no farther back than WebP can say, in pictures of over a million pixels", async () => {
  const [width, height] = [1024, 1100];
  const rgba = new Uint8Array(4 * width * height).fill(255);
  const noisy = Uint8Array.from(
    { length: 4 * width },
    (_, i) => Math.imul(i + 1, 0x9E3779B1) >>> 24,
  );
  rgba.set(noisy);
  rgba.set(noisy, rgba.length - noisy.length);
  const decoded = await decode(encodeWebp({ width, height, rgba }).buffer);
  const data = new Uint8Array(decoded.data.buffer);
  assert.equal(data.findIndex((value, i) => value !== rgba[i]), -1);
});

Deno.test("encodeWebp() writes its texts as Exif", () => {
  const file = encodeWebp({
    ...disc(4, 4, false),
    exif: { copyright: "CC0-1.0", description: "a disc" },
  });
  const text = new TextDecoder("latin1").decode(file);
  assert.equal(new DataView(file.buffer).getUint32(4, true), file.length - 8);
  assert.ok(text.indexOf("VP8X") === 12 && text.includes("EXIF"));
  const tiff = file.subarray(text.indexOf("EXIF") + 8);
  const view = new DataView(tiff.slice().buffer);
  assert.deepEqual([...tiff.subarray(0, 4)], [0x49, 0x49, 42, 0]);
  assert.equal(view.getUint16(8, true), 2);
  assert.equal(view.getUint16(10, true), 0x010E);
  const at = view.getUint32(18, true);
  assert.equal(
    new TextDecoder().decode(tiff.subarray(at, at + view.getUint32(14, true))),
    "a disc\0",
  );
  assert.equal(view.getUint16(22, true), 0x8298);
});

Deno.test("encodeWebp() refuses pictures that WebP cannot hold", () => {
  assert.throws(
    () => encodeWebp({ width: 16385, height: 1, rgba: new Uint8Array(4) }),
    /width must be an integer from 1 to 16384/,
  );
  assert.throws(
    () => encodeWebp({ width: 2, height: 2, rgba: new Uint8Array(4) }),
    /rgba must hold 16 bytes/,
  );
});
