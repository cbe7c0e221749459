import assert from "node:assert/strict";
import { distinct, wordVocabulary } from "../../../train/data/vocabulary.ts";

const PICTURES = [
  { concept: "a", label: "a", words: ["red", "fruit"] },
  { concept: "a", label: "a", words: ["red", "fruit", "apple"] },
  { concept: "b", label: "b", words: ["fruit", "blue"] },
  { concept: "c", label: "c" },
];

Deno.test("wordVocabulary() counts concepts, not pictures", () => {
  assert.deepEqual(wordVocabulary(PICTURES), ["fruit"]);
});

Deno.test("wordVocabulary() sorts", () => {
  assert.deepEqual(wordVocabulary(PICTURES, 1), [
    "apple",
    "blue",
    "fruit",
    "red",
  ]);
});

Deno.test("distinct() keeps the order and drops the unknown", () => {
  assert.deepEqual(distinct(["b", undefined, "a", "b"]), ["b", "a"]);
});
