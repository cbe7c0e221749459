import assert from "node:assert/strict";
import {
  standardizer,
  takeVectors,
  vectorsOf,
} from "../../../train/metrics/vectors.ts";

Deno.test("standardizer() brings the reference to mean 0 and deviation 1, and what never changes to 0", () => {
  const reference = vectorsOf(Float32Array.of(1, 5, 7, 3, 5, 9), 3);
  const standardize = standardizer(reference);
  assert.deepEqual([...standardize(reference).values], [-1, 0, -1, 1, 0, 1]);
  const other = vectorsOf(Float32Array.of(4, 6, 8), 3);
  assert.deepEqual([...standardize(other).values], [2, 0, 0]);
});

Deno.test("standardizer() takes what one vector of many has for nothing", () => {
  const rows = Array.from({ length: 100 }, (_, i) => [i, i === 0 ? 0.01 : 0]);
  const standardize = standardizer(
    vectorsOf(Float32Array.from(rows.flat()), 2),
  );
  const [first, rare] =
    standardize(vectorsOf(Float32Array.of(0, 0.2), 2)).values;
  assert.ok(Math.abs(first! + Math.sqrt(3)) < 0.03);
  assert.equal(rare, 0);
});

Deno.test("takeVectors() copies vectors in the order of the indices", () => {
  const vectors = vectorsOf(Float32Array.of(1, 2, 3, 4, 5, 6), 2);
  assert.deepEqual(takeVectors(vectors, [2, 0]), {
    values: Float32Array.of(5, 6, 1, 2),
    width: 2,
    count: 2,
  });
});

Deno.test("vectorsOf() refuses a length that is no multiple", () => {
  assert.throws(() => vectorsOf(new Float32Array(5), 2), RangeError);
});
