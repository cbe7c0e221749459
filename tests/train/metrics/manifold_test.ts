import assert from "node:assert/strict";
import { philoxNoise } from "@emoji/diffusion/random";
import {
  compareManifolds,
  neighbourRadii,
} from "../../../train/metrics/manifold.ts";
import { type Vectors, vectorsOf } from "../../../train/metrics/vectors.ts";

/** Points on a line. */
const line = (...values: number[]): Vectors =>
  vectorsOf(Float32Array.from(values), 1);

function normals(count: number, seed: number): Float32Array {
  const values = new Float32Array(count * 2);
  philoxNoise(seed).normal(values);
  return values;
}

Deno.test("neighbourRadii() measures squared distances and does not count the vector itself", () => {
  assert.deepEqual([...neighbourRadii(line(0, 1, 3, 7), 1)], [1, 1, 4, 16]);
  assert.deepEqual([...neighbourRadii(line(0, 1, 3, 7), 2)], [9, 4, 9, 36]);
});

Deno.test("compareManifolds() agrees with balls on a line counted by hand", () => {
  // Reference balls for k = 1: [-1, 1], [0, 2], [8, 12], [10, 14].
  const reference = line(0, 1, 10, 12);
  // Candidates' balls: [0, 0.5], [0.25, 0.75], [49, 51], [50, 52].
  const candidates = line(0.25, 0.5, 50, 51);
  assert.deepEqual(compareManifolds(candidates, reference, 1), {
    precision: 2 / 4, // 50 and 51 lie in no ball
    recall: 1 / 4, // 0 lies in the first
    density: 4 / 4, // 0.25 and 0.5 lie in two balls each
    coverage: 2 / 4, // the balls of 0 and 1
  });
});

Deno.test("compareManifolds() gives all figures near 1 to samples of the same distribution", () => {
  const figures = compareManifolds(
    vectorsOf(normals(400, 1), 2),
    vectorsOf(normals(400, 2), 2),
  );
  for (const [name, value] of Object.entries(figures)) {
    assert.ok(value > 0.9 && value < 1.1, `${name} ${value}`);
  }
});

Deno.test("compareManifolds() sees lost variety in recall and coverage, not in precision", () => {
  const narrow = normals(400, 1).map((value) => value / 20);
  const figures = compareManifolds(
    vectorsOf(narrow, 2),
    vectorsOf(normals(400, 2), 2),
  );
  assert.ok(figures.precision > 0.99);
  assert.ok(figures.recall < 0.1);
  assert.ok(figures.coverage < 0.2);
});

Deno.test("compareManifolds() sees samples far off in precision and density", () => {
  const off = normals(400, 1).map((value) => value + 20);
  const figures = compareManifolds(
    vectorsOf(off, 2),
    vectorsOf(normals(400, 2), 2),
  );
  assert.deepEqual(figures, {
    precision: 0,
    recall: 0,
    density: 0,
    coverage: 0,
  });
});

Deno.test("compareManifolds() refuses fewer vectors than neighbours", () => {
  assert.throws(() => compareManifolds(line(1, 2), line(1, 2), 2), RangeError);
});
