import assert from "node:assert/strict";
import { promptReader } from "../../../edge/prompts/prompt.ts";

const layout = {
  size: 100,
  group: { offset: 0, values: ["animals-nature", "smileys-emotion"] },
  subgroup: { offset: 10, values: ["animal-mammal", "heart"] },
  word: {
    offset: 20,
    values: [
      "apple",
      "box",
      "cat",
      "cherry",
      "cream",
      "dog",
      "face",
      "happy",
      "heart",
      "house",
      "ice",
      "pet",
      "red",
      "sad",
    ],
  },
};
const read = promptReader(layout);

Deno.test("promptReader() finds words of the vocabulary in any order and form", () => {
  assert.deepEqual(read("red Cat"), { words: ["cat", "red"], unknown: [] });
  assert.deepEqual(read("two CATS, boxes & cherries!"), {
    words: ["box", "cat", "cherry"],
    unknown: ["two"],
  });
  assert.deepEqual(read(""), { words: [], unknown: [] });
});

Deno.test("promptReader() understands many languages, with and without spaces", () => {
  const prompts: Record<string, string[]> = {
    "die Katze und ein Apfel": ["apple", "cat"],
    "un chat heureux": ["cat", "happy"],
    "gato y corazón": ["cat", "heart"],
    "собака и сердце": ["dog", "heart"],
    "ハート 犬": ["dog", "heart"],
    "猫と犬の家": ["cat", "dog", "house"],
    "苹果": ["apple"],
    "قطة": ["cat"],
  };
  for (const [prompt, expected] of Object.entries(prompts)) {
    const { words } = read(prompt);
    for (const word of expected) {
      assert.ok(words.includes(word), `${prompt}: ${words}`);
    }
  }
});

Deno.test("promptReader() takes all that an emoji shows, by character or name", () => {
  const cat = read("🐱");
  assert.deepEqual(cat, {
    words: ["cat", "face", "pet"],
    unknown: [],
    group: "animals-nature",
    subgroup: "animal-mammal",
  });
  assert.deepEqual(read("Katzengesicht"), cat);
  const heart = {
    words: ["heart", "red"],
    unknown: [],
    group: "smileys-emotion",
    subgroup: "heart",
  };
  for (const prompt of ["❤️", "❤", "red heart", "rotes Herz", "cœur rouge"]) {
    assert.partialDeepStrictEqual(read(prompt), heart, prompt);
  }
  assert.deepEqual(read("sad 🐱"), {
    words: ["cat", "face", "pet", "sad"],
    unknown: [],
  });
});

Deno.test("promptReader() says which words it does not know", () => {
  assert.deepEqual(read("a zyzzyva with 🇩🇪 dog"), {
    words: ["dog"],
    unknown: ["🇩🇪", "zyzzyva"],
  });
  assert.deepEqual(promptReader(undefined)("cat"), {
    words: [],
    unknown: ["cat"],
  });
});

Deno.test("promptReader() reads what stands between bars by itself", () => {
  assert.deepEqual(read("red|heart"), { words: ["heart", "red"], unknown: [] });
  assert.deepEqual(read(" |rotes Herz| zyzzyva|"), {
    words: ["heart", "red"],
    unknown: ["zyzzyva"],
  });
  assert.deepEqual(read("|"), { words: [], unknown: [] });
});
