import assert from "node:assert/strict";
import { collect } from "../../../../train/data/collect.ts";
import { loadRasterizer } from "../../../../train/data/rasterize.ts";
import { drawIcon, emojiSource } from "../../../../train/data/sources/emoji.ts";
import type { EmojiIcon } from "../../../../train/data/sources/emoji_icons.ts";

await loadRasterizer();

function icon(body: string): EmojiIcon {
  return {
    name: "blue-square",
    svg:
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8">${body}</svg>`,
    concept: {
      concept: "1f7e6",
      emoji: "🟦",
      label: "blue square",
      names: ["box"],
      group: "symbols",
      subgroup: "geometric",
      words: ["blue", "square"],
    },
  };
}

const SQUARE = icon('<path fill="#00f" d="M2 2h4v4H2z"/>');

Deno.test("drawIcon() draws the icon and carries its labels", () => {
  const picture = drawIcon("noto", SQUARE, 8);
  assert("pixels" in picture);
  const { pixels, ...labels } = picture;
  assert.deepEqual(labels, { ...SQUARE.concept, style: "noto" });
  for (let i = 0; i < 64; i++) {
    const [x, y] = [i % 8, i >> 3];
    const inside = Math.min(x, y) >= 2 && Math.max(x, y) < 6;
    assert.deepEqual(
      [...pixels.subarray(4 * i, 4 * i + 4)],
      inside ? [0, 0, 255, 255] : [0, 0, 0, 0],
    );
  }
});

Deno.test("drawIcon() draws premultiplied colours", () => {
  const half = icon('<circle cx="4" cy="4" r="3.3" fill="#e81" opacity=".4"/>');
  const picture = drawIcon("noto", half, 16);
  assert("pixels" in picture);
  const { pixels } = picture;
  assert(pixels.some((value) => value > 0 && value < 255));
  pixels.forEach((value, i) => assert(value <= pixels[i | 3]!));
});

Deno.test("drawIcon() draws the same bytes again", () => {
  assert.deepEqual(drawIcon("noto", SQUARE, 12), drawIcon("noto", SQUARE, 12));
});

Deno.test("drawIcon() names a broken icon and goes on", () => {
  const broken = drawIcon("noto", { ...SQUARE, svg: "<svg" }, 8);
  assert("broken" in broken);
  assert.equal(broken.broken, "noto/blue-square");
  assert("pixels" in drawIcon("noto", SQUARE, 8));
});

Deno.test("drawIcon() survives what makes resvg panic", () => {
  // A translucent group that lies outside the picture: resvg unwraps a rectangle that is not there.
  const outside = icon('<g opacity=".5"><path d="M-90-90h4v4h-4z"/></g>');
  assert("broken" in drawIcon("noto", outside, 8));
  assert("pixels" in drawIcon("noto", SQUARE, 8));
});

Deno.test("emojiSource() draws the chosen styles and subgroups", async () => {
  const source = await emojiSource({
    styles: ["twemoji"],
    only: ["face-hat", "emotion"],
  });
  const { dataset: { manifest } } = await collect(source, { size: 4 });
  assert.equal(manifest.counts.total, source.total);
  assert.deepEqual(manifest.vocabularies.styles, ["twemoji"]);
  assert.deepEqual(manifest.vocabularies.subgroups, ["face-hat", "emotion"]);
  assert(manifest.pictures.some(({ emoji }) => emoji === "🤠"));
  assert.equal(source.attribution[0]?.license.spdx, "CC-BY-4.0");
});

Deno.test("emojiSource() throws on an unknown style", async () => {
  await assert.rejects(
    emojiSource({ styles: ["cave-art"] }),
    /style must be one of noto, .*: current value is cave-art/,
  );
});
