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

Deno.test("listConcepts() begins with short names, then the kinds with many alike, then those least is said of", () => {
  const plain = { ...animal, label: "Cat", words: [0, 3] };
  const hot = { ...animal, label: "hot cat", words: [0, 2] };
  const pet = { ...animal, label: "pet cat", words: [0, 2, 3] };
  const black = { ...animal, label: "black cat", words: [0, 1] };
  const food = { ...base, group: "food", label: "hot dog", words: [1, 2] };
  const shuffled = [food, black, pet, hot, plain].map((entry, i) => ({
    ...entry,
    concept: `${i}`,
  }));
  assert.deepEqual(listConcepts({ pictures: shuffled }, layout), [
    [[0, 3, 5], [8]],
    [[0, 3, 5, 7], []],
    [[0, 3, 5, 8], [7]],
    [[0, 3, 5], [6]],
    [[1, 6, 7], []],
  ]);
});

Deno.test("listConcepts() counts what people call a thing, where the vocabulary has it all", () => {
  const cat = { ...animal, concept: "1", label: "black cat", words: [0] };
  const pet = { ...animal, concept: "2", label: "hot pet", words: [1, 2, 3] };
  assert.deepEqual(listConcepts({ pictures: [cat, pet] }, layout), [
    [[0, 3, 5], []],
    [[0, 3, 7, 8], [6]],
  ]);
  const called = [
    { ...cat, names: ["tom cat"] },
    { ...pet, names: ["dog", "hot dog"] },
  ];
  assert.deepEqual(listConcepts({ pictures: called }, layout), [
    [[0, 3, 6, 7, 8], []],
    [[0, 3, 5], []],
  ]);
});
