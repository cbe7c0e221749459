import assert from "node:assert/strict";
import {
  conceptKey,
  readConcepts,
  wordsOf,
} from "../../../../train/data/sources/emoji_concepts.ts";

const concepts = await readConcepts();
const emojis = new Set(concepts.map(({ emoji }) => emoji));

Deno.test("readConcepts() finds every concept once", () => {
  assert.equal(concepts.length, 1437);
  assert.equal(new Set(concepts.map(({ concept }) => concept)).size, 1437);
});

Deno.test("readConcepts() knows what chats call an emoji", () => {
  const namesOf = (wanted: string) =>
    concepts.find(({ label }) => label === wanted)!.names;
  assert.deepEqual(namesOf("automobile"), ["car", "red car"]);
  assert.deepEqual(namesOf("cat face"), ["cat"]);
  assert.deepEqual(namesOf("red heart"), ["heart"]);
});

Deno.test("readConcepts() drops flags, components, skin tones, genders, jobs of men and women, families and facing right", () => {
  for (
    const dropped of [
      "🇫🇷",
      "🏁",
      "🏴‍☠️",
      "🏿",
      "👋🏿",
      "🤷‍♀️",
      "👨‍🚀",
      "👩‍🚀",
      "👨‍👩‍👧",
      "🧑‍🦰",
      "🏃‍➡️",
    ]
  ) {
    assert(!emojis.has(dropped), dropped);
  }
  for (const { concept, label } of concepts) {
    const points = concept.split("-");
    assert(!points.some((point) => /^1f3f[b-f]$|^1f1[ef]/.test(point)), label);
    assert(!/-200d-(?:2640|2642)/.test(concept), label);
    assert(!/\bflag:|facing right|skin tone/.test(label), label);
  }
});

Deno.test("readConcepts() keeps neutral people, joined animals and keycaps", () => {
  for (const kept of ["🤷", "🧑‍🚀", "🏃", "🐻‍❄️", "❤️‍🔥", "🍕"]) {
    assert(emojis.has(kept), kept);
  }
  const keycaps = concepts.filter(({ subgroup }) => subgroup === "keycap");
  assert.equal(keycaps.length, 13); // 0…10, # and *
});

Deno.test("readConcepts() tells group, subgroup and words", () => {
  const face = concepts.find(({ concept }) => concept === "1f600");
  assert.equal(face?.emoji, "😀");
  assert.equal(face.label, "grinning face");
  assert.equal(face.group, "smileys-emotion");
  assert.equal(face.subgroup, "face-smiling");
  for (const word of ["grinning", "face", "smile"]) {
    assert(face.words.includes(word), word);
  }
});

Deno.test("conceptKey() ignores case and variation selectors", () => {
  assert.equal(conceptKey("2764-FE0F-200D-1F525"), "2764-200d-1f525");
});

Deno.test("wordsOf() lowers, splits, drops accents, stop words, lone letters and repetitions", () => {
  assert.deepEqual(
    wordsOf("Piñata on the Table", "A button: table-tennis", "woman’s 2nd"),
    ["pinata", "table", "button", "tennis", "womans", "2nd"],
  );
});
