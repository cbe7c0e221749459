import assert from "node:assert/strict";
import { listConcepts, listSubjects } from "../../train/subjects.ts";

const layout = {
  size: 12,
  group: { offset: 0, values: ["animals", "food"] },
  subgroup: { offset: 3, values: ["mammal"] },
  word: { offset: 5, values: ["cat", "dog", "hot", "pet"] },
};
const base = { split: "train", style: "flat" } as const;
const animal = { ...base, group: "animals", subgroup: "mammal" };
const pictures = [
  { ...animal, concept: "1", label: "Cat", words: [0, 3] },
  { ...animal, concept: "1", label: "Cat", words: [0, 3], style: "round" },
  { ...base, concept: "2", label: "hot dog", group: "food", words: [1, 2] },
  { ...animal, concept: "3", label: "dog", words: [1, 3], split: "held-out" },
] as const;

Deno.test("listSubjects() lists each training concept once, of some groups where asked", () => {
  assert.deepEqual(listSubjects({ pictures }, layout), [[0, 3, 5, 8], [
    1,
    6,
    7,
  ]]);
  const only = ["foo"];
  assert.deepEqual(listSubjects({ pictures }, layout, { only }), [[1, 6, 7]]);
});

Deno.test("listConcepts() keeps the words of names apart", () => {
  assert.deepEqual(listConcepts({ pictures }, layout), [
    [[0, 3, 5], [8]],
    [[1, 6, 7], []],
  ]);
});

Deno.test("listConcepts() begins with short names, counting words that the vocabulary has not", () => {
  const glowing = { ...animal, concept: "4", label: "glowing cat", words: [0] };
  assert.deepEqual(listConcepts({ pictures: [glowing, ...pictures] }, layout), [
    [[0, 3, 5], [8]],
    [[0, 3, 5], []],
    [[1, 6, 7], []],
  ]);
});
