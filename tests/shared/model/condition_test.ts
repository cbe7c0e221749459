import assert from "node:assert/strict";
import { encodeCondition } from "../../../shared/model/condition.ts";

const layout = {
  size: 12,
  style: { offset: 0, values: ["noto", "twemoji"] }, // null row 2
  group: { offset: 3, values: ["food"] }, // 4
  subgroup: { offset: 5, values: ["fruit"] }, // 6
  word: { offset: 7, values: ["red", "apple", "pie"] }, // 10
  augment: { offset: 11, values: ["flip"] },
};

/** The rows with a weight, as `row: weight`. */
const rows = (vector: Float32Array) =>
  Object.fromEntries(
    [...vector].map((w, i) => [i, w]).filter(([, w]) => w !== 0),
  );

Deno.test("encodeCondition() takes the null rows for what is absent", () => {
  assert.deepEqual(rows(encodeCondition(layout)), { 2: 1, 4: 1, 6: 1, 10: 1 });
});

Deno.test("encodeCondition() sets one row a value and shares words out", () => {
  const vector = encodeCondition(layout, {
    style: "twemoji",
    group: "food",
    subgroup: "fruit",
    words: ["pie", "red"],
  });
  const half = Math.fround(Math.SQRT1_2);
  assert.deepEqual(rows(vector), { 1: 1, 3: 1, 5: 1, 7: half, 9: half });
  assert.equal(encodeCondition(layout, { augment: { flip: 0.5 } })[11], 0.5);
});

Deno.test("encodeCondition() names what is not in the vocabulary", () => {
  assert.throws(
    () => encodeCondition(layout, { style: "x" }),
    /style must be one of noto, twemoji: current value is x/,
  );
  assert.throws(
    () => encodeCondition(layout, { words: ["x"] }),
    /word must be one of/,
  );
  assert.throws(
    () => encodeCondition({ size: 0 }, { group: "food" }),
    /model has no group/,
  );
  assert.throws(
    () => encodeCondition({ size: 0 }, { words: ["red"] }),
    /model has no words/,
  );
});
