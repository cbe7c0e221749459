import { seedSubject } from "@emoji/diffusion/seed-subject";
import assert from "node:assert/strict";

const LAYOUT = {
  size: 14,
  style: { offset: 0, values: ["flat", "round"] },
  group: { offset: 3, values: ["animals", "food"] },
  subgroup: { offset: 6, values: ["mammal", "fruit"] },
  word: { offset: 9, values: ["cat", "dog", "pear", "red"] },
};
const SUBJECTS = [[3, 6, 9, 10], [4, 7, 11, 12]];

Deno.test("seedSubject() depends on the seed alone", () => {
  for (const seed of [0, 7, "cat"]) {
    assert.deepEqual(
      seedSubject(LAYOUT, SUBJECTS, {}, seed),
      seedSubject(LAYOUT, SUBJECTS, {}, seed),
    );
  }
});

Deno.test("seedSubject() draws every subject, every style and every word of it", () => {
  const seen = new Set<string>();
  for (let seed = 0; seed < 200; seed++) {
    const { style, group, subgroup, words } = seedSubject(
      LAYOUT,
      SUBJECTS,
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

Deno.test("seedSubject() leaves what was asked for", () => {
  for (
    const condition of [{ words: ["cat"] }, { group: "food" }, {
      subgroup: "fruit",
    }]
  ) {
    assert.equal(seedSubject(LAYOUT, SUBJECTS, condition, 1), condition);
  }
  assert.equal(
    seedSubject(LAYOUT, SUBJECTS, { style: "flat" }, 1).style,
    "flat",
  );
});

Deno.test("seedSubject() asks for nothing where the model lists no subjects", () => {
  assert.deepEqual(seedSubject(LAYOUT, undefined, {}, 1), {});
  assert.deepEqual(seedSubject(LAYOUT, [], {}, 1), {});
  assert.deepEqual(seedSubject(undefined, SUBJECTS, {}, 1), {});
});
