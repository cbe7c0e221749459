import assert from "node:assert/strict";
import { turned } from "@emoji/diffusion/orientation";
import { encodePng } from "@emoji/diffusion/png";
import encodeJpeg from "npm:@jsquash/jpeg@1.6.0/encode.js";
import { decodePicture } from "../../../edge/edits/codec_files.ts";
import { pictureDecoder } from "../../../edge/edits/decode.ts";
import { UnreadablePicture } from "../../../edge/edits/unreadable_picture.ts";
import {
  jpegWithExif,
  pngWithExif,
  tiffBlock,
  webpWithExif,
} from "../../shared/exif_files.ts";

const [width, height] = [6, 4];
/** A picture no two pixels of which are alike. */
const PICTURE = {
  width,
  height,
  rgba: Uint8Array.from(
    { length: 4 * width * height },
    (_, i) => i % 4 === 3 ? 255 : (i * 37) % 251,
  ),
};
const FIT = { role: "image", width: 6, height: 6 } as const;

Deno.test("pictureDecoder() turns PNG and WebP upright, whichever way they lie", async () => {
  const upright = await decodePicture(encodePng(PICTURE), "png", FIT);
  for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8] as const) {
    const back = orientation === 6 ? 8 : orientation === 8 ? 6 : orientation;
    const stored = turned(PICTURE, back);
    for (const little of [true, false]) {
      const block = tiffBlock(orientation, little);
      const name = `${orientation} ${little}`;
      const png = pngWithExif(stored, block);
      assert.deepEqual(await decodePicture(png, "png", FIT), upright, name);
      const webp = webpWithExif(stored, block);
      assert.deepEqual(await decodePicture(webp, "webp", FIT), upright, name);
    }
  }
});

Deno.test("pictureDecoder() leaves PNG and WebP with a damaged orientation as they are", async () => {
  const upright = await decodePicture(encodePng(PICTURE), "png", FIT);
  const block = tiffBlock(6, true).subarray(0, 20);
  const png = pngWithExif(PICTURE, block);
  assert.deepEqual(await decodePicture(png, "png", FIT), upright);
  const webp = webpWithExif(PICTURE, block);
  assert.deepEqual(await decodePicture(webp, "webp", FIT), upright);
});

Deno.test("pictureDecoder() turns JPEG upright", async () => {
  const side = 32;
  const data = Uint8ClampedArray.from(
    { length: 4 * side * side },
    (_, i) => [(i >> 2) % side < side / 2 ? 220 : 20, 20, 20, 255][i % 4]!, // red on the left
  );
  const jpeg = await encodeJpeg(new ImageData(data, side, side));
  const file = jpegWithExif(new Uint8Array(jpeg), tiffBlock(6, false));
  const fit = { ...FIT, width: side, height: side };
  const { rgba } = await decodePicture(file, "jpeg", fit);
  for (let i = 0; i < side * side; i++) {
    const down = (Math.floor(i / side) + 0.5) / side;
    if (Math.abs(down - 0.5) < 0.1) continue; // colours of JPEG run into each other
    const red = down < 0.5 ? 220 : 20; // at the top
    assert.ok(Math.abs(rgba[4 * i]! - red) < 30, `pixel ${i}`);
  }
});

Deno.test("pictureDecoder() tells a broken file from a codec that cannot be loaded, and tries to load that again", async () => {
  const whole = encodePng(PICTURE);
  await assert.rejects(
    decodePicture(whole.slice(0, 60), "png", FIT),
    UnreadablePicture,
  );
  let loads = 0;
  const lost = new Error("no codec");
  const decode = pictureDecoder(() => {
    loads++;
    return Promise.reject(lost);
  });
  for (let k = 1; k <= 2; k++) {
    await assert.rejects(decode(whole, "png", FIT), lost);
    assert.equal(loads, k);
  }
});
