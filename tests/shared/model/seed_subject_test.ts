import { type Concepts, seedSubject } from "@emoji/diffusion/seed-subject";
import type { Condition } from "@emoji/diffusion/condition";
import assert from "node:assert/strict";

const LAYOUT = {
  size: 14,
  style: { offset: 0, values: ["flat", "round"] },
  group: { offset: 3, values: ["animals", "food"] },
  subgroup: { offset: 6, values: ["mammal", "fruit"] },
  word: { offset: 9, values: ["cat", "dog", "pear", "red"] },
};
const SUBJECTS = [[3, 6, 9, 10], [4, 7, 11, 12]];
const MODEL = { condition: LAYOUT, subjects: SUBJECTS };

Deno.test("seedSubject() depends on the seed alone", () => {
  for (const seed of [0, 7, "cat"]) {
    assert.deepEqual(
      seedSubject(MODEL, {}, seed),
      seedSubject(MODEL, {}, seed),
    );
  }
});

Deno.test("seedSubject() draws every subject, every style and every word of it", () => {
  const seen = new Set<string>();
  for (let seed = 0; seed < 200; seed++) {
    const { style, group, subgroup, words } = seedSubject(
      MODEL,
      {},
      seed,
    );
    seen.add(`${style}`);
    seen.add(`${group} ${subgroup}`);
    assert(words!.length > 0);
    const allowed = group === "animals" ? ["cat", "dog"] : ["pear", "red"];
    assert(words!.every((word) => allowed.includes(word)));
    seen.add(words!.join(" "));
  }
  assert.deepEqual([...seen].sort(), [
    "animals mammal",
    "cat",
    "cat dog",
    "dog",
    "flat",
    "food fruit",
    "pear",
    "pear red",
    "red",
    "round",
  ]);
});

Deno.test("seedSubject() leaves what was asked for where there are no concepts", () => {
  for (
    const condition of [{ words: ["cat"] }, { group: "food" }, {
      subgroup: "fruit",
    }]
  ) {
    assert.equal(seedSubject(MODEL, condition, 1), condition);
  }
  assert.equal(
    seedSubject(MODEL, { style: "flat" }, 1).style,
    "flat",
  );
});

Deno.test("seedSubject() asks for nothing where the model lists no subjects", () => {
  assert.deepEqual(seedSubject({ condition: LAYOUT }, {}, 1), {});
  assert.deepEqual(seedSubject({ ...MODEL, subjects: [] }, {}, 1), {});
  assert.deepEqual(seedSubject({ subjects: SUBJECTS }, {}, 1), {});
});

// A cat, a dog, a "red dog" and a pear that is said to be red.
const CONCEPTS = [
  [[3, 6, 9], []],
  [[3, 6, 10], [9]],
  [[3, 6, 10, 12], []],
  [[4, 7, 11], [12]],
] as const;
const KNOWING = { ...MODEL, concepts: CONCEPTS };

/** What seeds make of what is asked for. */
function meanings(asked: Condition): string[] {
  const found = new Set<string>();
  for (let seed = 0; seed < 100; seed++) {
    const { group, subgroup, words } = seedSubject(KNOWING, asked, seed);
    found.add([group, subgroup, ...words!].join(" "));
  }
  return [...found].sort();
}

Deno.test("seedSubject() completes words to concepts of that name, else to those that have them", () => {
  assert.deepEqual(meanings({ words: ["cat"] }), ["animals mammal cat"]);
  assert.deepEqual(meanings({ words: ["dog"] }), [
    "animals mammal cat dog",
    "animals mammal dog red",
  ]);
  assert.deepEqual(meanings({ words: ["red"] }), ["animals mammal dog red"]);
  assert.deepEqual(meanings({ words: ["pear", "red"] }), [
    "food fruit pear red",
  ]);
  assert.deepEqual(meanings({ group: "food" }), ["food fruit pear red"]);
  assert.deepEqual(meanings({ group: "food", words: ["red"] }), [
    "food fruit pear red",
  ]);
  const words = ["dog"];
  const { style } = seedSubject(KNOWING, { words, style: "flat" }, 1);
  assert.equal(style, "flat");
});

Deno.test("seedSubject() means the first of many concepts most often, and any of a group alike", () => {
  const many = Array.from({ length: 10 }, (_, i) => [[3, 9], i ? [10] : []]);
  const model = { ...MODEL, concepts: many as unknown as Concepts };
  const meant = (asked: Condition) => {
    const seeds = Array.from({ length: 2000 }, (_, seed) => seed);
    return seeds.filter((seed) =>
      seedSubject(model, asked, seed).words!.length === 1
    ).length / seeds.length;
  };
  assert(Math.abs(meant({ words: ["cat"] }) - 0.1 ** (1 / 6)) < 0.04);
  assert(Math.abs(meant({ group: "animals" }) - 0.1) < 0.03);
});

Deno.test("seedSubject() leaves what no concept has and what says enough", () => {
  const asked: Condition[] = [
    { words: ["cat", "pear"] },
    { words: ["dog"], subgroup: "mammal" },
  ];
  for (const condition of asked) {
    assert.equal(seedSubject(KNOWING, condition, 1), condition);
  }
});

Deno.test("seedSubject() refuses what the vocabulary has not", () => {
  const asked = { words: ["cat", "zyzzyva"] };
  assert.throws(() => seedSubject(KNOWING, asked, 1), /word must be one of/);
});
