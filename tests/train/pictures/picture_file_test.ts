import assert from "node:assert/strict";
import { decodeImage } from "../../../train/data/decode_image.ts";
import { UsageError } from "../../../train/options.ts";
import {
  checkPictureFile,
  encodePictureFile,
} from "../../../train/pictures/picture_file.ts";

const clear = { width: 1, height: 1, rgba: new Uint8Array(4) };
const red = { width: 1, height: 1, rgba: Uint8Array.of(255, 0, 0, 255) };

function text(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

Deno.test("encodePictureFile() scales and puts a colour behind", async () => {
  const png = encodePictureFile([clear], {
    out: "a.png",
    scale: 3,
    background: "00ff80",
  });
  const { width, height, rgba } = await decodeImage(png.slice(), 1);
  assert.deepEqual([width, height], [3, 3]);
  assert.deepEqual([...rgba.subarray(0, 4)], [0, 255, 128, 255]);
});

Deno.test("encodePictureFile() writes GIF and animated PNG", () => {
  const gif = encodePictureFile([clear, red], { out: "a.gif" });
  assert.equal(text(gif.subarray(0, 6)), "GIF89a");
  const png = encodePictureFile([clear, red], { out: "a.png" });
  assert(text(png).includes("acTL"));
  assert(!text(encodePictureFile([red], { out: "a.png" })).includes("acTL"));
});

Deno.test("checkPictureFile() refuses unknown endings and colours", () => {
  assert.throws(() => checkPictureFile({ out: "a.bmp" }), UsageError);
  const odd = { out: "a.png", background: "red" };
  assert.throws(() => checkPictureFile(odd), UsageError);
});
