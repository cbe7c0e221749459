import assert from "node:assert/strict";
import { encodePng } from "@emoji/diffusion/png";
import { decodePicture } from "../../../edge/edits/codec_files.ts";
import { pictureDecoder } from "../../../edge/edits/decode.ts";
import { UnreadablePicture } from "../../../edge/edits/unreadable_picture.ts";

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
