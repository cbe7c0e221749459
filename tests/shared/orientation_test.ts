import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import decodeJpeg from "npm:@jsquash/jpeg@1.6.0/decode.js";
import encodeJpeg from "npm:@jsquash/jpeg@1.6.0/encode.js";
import {
  exifOrientation,
  type Orientation,
  turned,
} from "../../shared/orientation.ts";
import type { Picture } from "../../shared/png.ts";
import {
  joined,
  jpegWithExif,
  pngWithExif,
  tiffBlock,
  webpWithExif,
} from "./exif_files.ts";

/** How "ABC" over "DEF" lies in a file, by orientation: what Exif 3.0 says of the first row and the first column. */
const STORED = [
  "ABC DEF",
  "CBA FED",
  "FED CBA",
  "DEF ABC",
  "AD BE CF",
  "CF BE AD",
  "FC EB DA",
  "DA EB FC",
];
const ORIENTATIONS: readonly Orientation[] = [1, 2, 3, 4, 5, 6, 7, 8];

/** A picture of letters, each with a colour of its own. */
function letters(text: string): Picture {
  const rows = text.split(" ");
  const rgba = Uint8Array.from(
    rows.join("").split("").flatMap((letter) => {
      const code = letter.charCodeAt(0);
      return [code, 3 * code & 255, 200 - code, 255 - (code & 1)];
    }),
  );
  return { width: rows[0]!.length, height: rows.length, rgba };
}

const UPRIGHT = letters(STORED[0]!);
const FORMATS = { pngWithExif, webpWithExif };

Deno.test("turned() turns pictures of all orientations upright", () => {
  for (const orientation of ORIENTATIONS) {
    const stored = letters(STORED[orientation - 1]!);
    const buffer = Buffer.from(stored.rgba); // lies among others
    for (const rgba of [stored.rgba, buffer]) {
      const { width, height, ...upright } = turned(
        { ...stored, rgba },
        orientation,
      );
      const picture = { width, height, rgba: Uint8Array.from(upright.rgba) };
      assert.deepEqual(picture, UPRIGHT, `${orientation}`);
    }
  }
});

Deno.test("turned() turns as libjpeg's caller does", async () => {
  const [width, height] = [24, 16];
  const data = Uint8ClampedArray.from(
    { length: 4 * width * height },
    (_, i) => i % 4 === 3 ? 255 : (i >> 2) % width * 9 + (i % 4) * (i >> 7),
  );
  const jpeg = new Uint8Array(
    await encodeJpeg(new ImageData(data, width, height)),
  );
  const decode = async (file: Uint8Array<ArrayBuffer>, upright: boolean) => {
    const image = await decodeJpeg(file.buffer, {
      preserveOrientation: upright,
    });
    const rgba = new Uint8Array(image.data.buffer);
    return { width: image.width, height: image.height, rgba };
  };
  for (const orientation of ORIENTATIONS) {
    const file = jpegWithExif(jpeg, tiffBlock(orientation, true));
    assert.equal(exifOrientation(file), 1, "JPEG is the codec's own matter");
    assert.deepEqual(
      turned(await decode(file, false), orientation),
      await decode(file, true),
      `${orientation}`,
    );
  }
});

Deno.test("exifOrientation() reads PNG and WebP in both byte orders", () => {
  for (const [format, write] of Object.entries(FORMATS)) {
    for (const little of [true, false]) {
      for (const orientation of ORIENTATIONS) {
        const block = tiffBlock(orientation, little);
        const name = `${format} ${little} ${orientation}`;
        assert.equal(exifOrientation(write(UPRIGHT, block)), orientation, name);
        const prefixed = joined(new TextEncoder().encode("Exif\0\0"), block);
        const file = write(UPRIGHT, prefixed);
        assert.equal(exifOrientation(file), orientation, name);
        const within = joined([1, 2, 3], file).subarray(3);
        assert.equal(exifOrientation(within), orientation, name);
      }
    }
  }
});

Deno.test("exifOrientation() takes for upright what is damaged or out of range", () => {
  const block = tiffBlock(6, true);
  /** The block with some bytes replaced. */
  const spoilt = (at: number, ...bytes: number[]) => {
    const copy = block.slice();
    copy.set(bytes, at);
    return copy;
  };
  const damaged = {
    nothing: new Uint8Array(),
    "too short": block.slice(0, 30),
    "0": tiffBlock(0, true),
    "9": tiffBlock(9, false),
    "another order": spoilt(0, 0x49, 0x4D),
    "not 42": spoilt(2, 43),
    "a directory outside": spoilt(4, 255, 255, 255, 255),
    "no entries": spoilt(8, 0),
    "another type": spoilt(24, 2),
    "many values": spoilt(26, 2),
  };
  for (const [format, write] of Object.entries(FORMATS)) {
    for (const [name, bytes] of Object.entries(damaged)) {
      const file = write(UPRIGHT, bytes);
      assert.equal(exifOrientation(file), 1, `${format} ${name}`);
    }
    const file = write(UPRIGHT, block);
    for (let length = 0; length < file.length; length++) {
      const value = exifOrientation(file.slice(0, length));
      assert.ok(value === 1 || value === 6, `${format} of ${length} bytes`);
    }
  }
  assert.equal(exifOrientation(new Uint8Array(100)), 1);
});
