import assert from "node:assert/strict";
import { turned } from "@emoji/diffusion/orientation";
import { encodePng } from "@emoji/diffusion/png";
import { decodeImage, imageFormat } from "../../../train/data/decode_image.ts";
import {
  pngWithExif,
  tiffBlock,
  webpWithExif,
} from "../../shared/exif_files.ts";
import { ANIMATED_WEBP, CMYK_JPEG, JPEG, WEBP } from "./tiny_images.ts";

const SVG = new TextEncoder().encode(
  '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="2" height="1"><path fill="#123" d="M0 0h2v1H0z"/></svg>',
);

Deno.test("imageFormat() looks at the bytes", () => {
  assert.equal(imageFormat(JPEG), "jpeg");
  assert.equal(imageFormat(WEBP), "webp");
  assert.equal(imageFormat(SVG), "svg");
  assert.equal(imageFormat(new TextEncoder().encode("\ufeff <SVG/>")), "svg");
  assert.equal(imageFormat(new TextEncoder().encode("GIF89a")), undefined);
  assert.equal(imageFormat(new Uint8Array()), undefined);
});

Deno.test("imageFormat() knows SVG by its root element, whatever stands before it", () => {
  const licence = `<!-- ${"All rights granted > <html>. ".repeat(100)} -->`;
  const doctype = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "svg11.dtd"';
  const format = (text: string) => imageFormat(new TextEncoder().encode(text));
  for (
    const prolog of [
      licence,
      `<?xml version="1.0"?>\n${licence}\n${doctype}>\n${licence}`,
      `${doctype} [\n<!ENTITY ns "http://www.w3.org/2000/svg">\n] >`,
    ]
  ) {
    assert.equal(format(`${prolog}\n<svg/>`), "svg");
    assert.equal(format(`${prolog}<svg:svg xmlns:svg="">`), "svg");
    assert.equal(format(`${prolog}<html><svg/></html>`), undefined);
  }
});

Deno.test("decodeImage() reads PNG exactly", async () => {
  const rgba = Uint8Array.from(
    { length: 24 },
    (_, i) => i % 4 === 3 ? 100 + i : 9 * i,
  );
  const picture = await decodeImage(
    await encodePng({ width: 3, height: 2, rgba }),
    1,
  );
  assert.deepEqual(picture, { width: 3, height: 2, rgba });
});

Deno.test("decodeImage() reads JPEG nearly", async () => {
  const { width, height, rgba } = await decodeImage(JPEG, 1);
  assert.deepEqual([width, height], [16, 8]);
  [200, 30, 40, 255].forEach((value, c) =>
    assert(Math.abs(rgba[c]! - value) < 6)
  );
  [20, 60, 220, 255].forEach((value, c) =>
    assert(Math.abs(rgba[60 + c]! - value) < 6)
  );
});

Deno.test("decodeImage() reads WebP with transparency exactly", async () => {
  const { width, height, rgba } = await decodeImage(WEBP, 1);
  assert.deepEqual([width, height], [16, 8]);
  assert.deepEqual([...rgba.subarray(0, 4)], [200, 30, 40, 255]);
  assert.deepEqual([...rgba.subarray(508)], [20, 60, 220, 128]);
});

Deno.test("decodeImage() turns PNG and WebP upright, whichever way they lie", async () => {
  const [width, height] = [3, 2];
  const rgba = Uint8Array.from(
    { length: 24 },
    (_, i) => i % 4 === 3 ? 255 : 9 * i,
  );
  for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8] as const) {
    const back = orientation === 6 ? 8 : orientation === 8 ? 6 : orientation;
    const stored = turned({ width, height, rgba }, back);
    for (const write of [pngWithExif, webpWithExif]) {
      for (const little of [true, false]) {
        const file = write(stored, tiffBlock(orientation, little));
        assert.deepEqual(
          { ...await decodeImage(file, 1) },
          { width, height, rgba },
          `${write.name} ${little} ${orientation}`,
        );
      }
    }
  }
});

Deno.test("decodeImage() draws SVG with the wanted short side", async () => {
  const { width, height, rgba } = await decodeImage(SVG, 3);
  assert.deepEqual([width, height], [6, 3]);
  assert.deepEqual([...rgba.subarray(0, 4)], [0x11, 0x22, 0x33, 255]);
});

Deno.test("decodeImage() throws on a damaged file and still reads the next", async () => {
  await assert.rejects(
    decodeImage(WEBP.slice(0, 40), 1),
    /must be a sound still WebP/,
  );
  for (const length of [60, 300, 330]) {
    await assert.rejects(
      decodeImage(JPEG.slice(0, length), 1),
      /must be a sound RGB or grey JPEG/,
    );
  }
  const png = await encodePng({ width: 1, height: 1, rgba: new Uint8Array(4) });
  await assert.rejects(decodeImage(png.slice(0, 40), 1), /must be a sound PNG/);
  assert.equal((await decodeImage(WEBP, 1)).width, 16);
  assert.equal((await decodeImage(JPEG, 1)).width, 16);
  assert.equal((await decodeImage(png, 1)).width, 1);
});

Deno.test("decodeImage() says which JPEG and WebP files it reads", async () => {
  await assert.rejects(
    decodeImage(CMYK_JPEG, 1),
    /must be a sound RGB or grey JPEG/,
  );
  await assert.rejects(
    decodeImage(ANIMATED_WEBP, 1),
    /must be a sound still WebP/,
  );
});

Deno.test("decodeImage() tells damaged JPEG files from sound ones read at the same time", async () => {
  const files = [JPEG, JPEG.slice(0, 330), JPEG, JPEG.slice(0, 60), JPEG];
  const settled = await Promise.allSettled(
    files.map((bytes) => decodeImage(bytes, 1)),
  );
  assert.deepEqual(
    settled.map(({ status }) => status === "fulfilled"),
    [true, false, true, false, true],
  );
});

Deno.test("decodeImage() throws on another format", async () => {
  await assert.rejects(decodeImage(new TextEncoder().encode("GIF89a"), 1), {
    name: "TypeError",
    message: /must be PNG, JPEG, WebP or SVG/,
  });
});
