import assert from "node:assert/strict";
import { readConcepts } from "../../../../train/data/sources/emoji_concepts.ts";
import {
  EMOJI_STYLES,
  type EmojiIconSet,
  readEmojiIcons,
} from "../../../../train/data/sources/emoji_icons.ts";
import { readEmojiNames } from "../../../../train/data/sources/emoji_names.ts";

const concepts = await readConcepts();
const names = await readEmojiNames();
const sets: EmojiIconSet[] = [];
for (const style of EMOJI_STYLES) {
  sets.push(await readEmojiIcons(style, concepts, names));
}

function find(style: string, concept: string): string | undefined {
  const icons = sets.find((set) => set.style === style)?.icons;
  return icons?.find((icon) => icon.concept.concept === concept)?.name;
}

Deno.test("readEmojiIcons() finds one icon a concept in every style", () => {
  const counts = sets.map(({ style, icons }) => [style, icons.length]);
  assert.deepEqual(Object.fromEntries(counts), {
    "noto": 1437,
    "noto-v1": 1088,
    "twemoji": 1437,
    "fluent-emoji-flat": 1414,
    "fxemoji": 674,
    "emojione": 1087,
  });
  for (const { icons } of sets) {
    assert.equal(
      new Set(icons.map(({ concept }) => concept)).size,
      icons.length,
    );
    assert.equal(new Set(icons.map(({ name }) => name)).size, icons.length);
  }
});

Deno.test("readEmojiIcons() takes the same thing from every style", () => {
  for (const { style } of sets) {
    assert(/^(?:red-?)?heart/.test(find(style, "2764") ?? ""), style);
    assert.equal(find(style, "1f355")?.includes("pizza"), true, style);
  }
});

Deno.test("readEmojiIcons() knows that fxemoji names some emoji in its own way", () => {
  assert.equal(find("fxemoji", "1f30a"), "wave");
  assert.equal(find("fxemoji", "1f44b"), undefined);
  assert.equal(find("fxemoji", "1f60e"), "sunglasses");
  assert.equal(find("fxemoji", "1f68b"), undefined); // painted black
});

Deno.test("readEmojiIcons() names the licence and the exact package", () => {
  for (const { style, attribution } of sets) {
    assert(attribution.license.spdx.length > 0, style);
    assert(attribution.author.length > 0, style);
    assert.equal(attribution.package, `npm:@iconify-json/${style}`);
    assert(/^\d+\.\d+\.\d+$/.test(attribution.version ?? ""), style);
  }
});

Deno.test("readEmojiIcons() centres an icon that is not square", () => {
  const watermelon = sets.find(({ style }) => style === "twemoji")?.icons
    .find(({ name }) => name === "watermelon");
  const box = /viewBox="([^"]*)"/.exec(watermelon?.svg ?? "")?.[1];
  const [left, top, width, height] = (box ?? "").split(" ").map(Number);
  assert.deepEqual([left, width, height], [0, 36, 36]);
  assert(Math.abs(top! + 5.39) < 1e-9, String(box)); // (25.22 - 36) / 2
});
