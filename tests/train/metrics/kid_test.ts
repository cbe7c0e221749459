import assert from "node:assert/strict";
import { philoxNoise } from "@emoji/diffusion/random";
import {
  drawWithout,
  kernelDistance,
  squaredMmd,
} from "../../../train/metrics/kid.ts";
import { type Vectors, vectorsOf } from "../../../train/metrics/vectors.ts";

function normals(count: number, seed: number, shift = 0): Vectors {
  const values = new Float32Array(count * 4);
  philoxNoise(seed).normal(values);
  return vectorsOf(values.map((value) => value + shift), 4);
}

Deno.test("squaredMmd() of single numbers agrees with the sum written out", () => {
  const k = (x: number, y: number) => (x * y + 1) ** 3;
  const a = vectorsOf(Float32Array.of(1, 2), 1);
  const b = vectorsOf(Float32Array.of(3, 0, -1), 1);
  const expected = k(1, 2) +
    (k(3, 0) + k(3, -1) + k(0, -1)) / 3 -
    2 * (k(1, 3) + k(1, 0) + k(1, -1) + k(2, 3) + k(2, 0) + k(2, -1)) / 6;
  assert.ok(Math.abs(squaredMmd(a, b) - expected) < 1e-12);
});

Deno.test("squaredMmd() is unbiased: 0 on average for equal distributions, however few the vectors", () => {
  const tries = Array.from(
    { length: 400 },
    (_, i) => squaredMmd(normals(20, 2 * i), normals(20, 2 * i + 1)),
  );
  const mean = tries.reduce((sum, d) => sum + d, 0) / tries.length;
  const deviation = Math.sqrt(
    tries.reduce((sum, d) => sum + (d - mean) ** 2, 0) / tries.length,
  );
  assert.ok(Math.abs(mean) < 3 * deviation / Math.sqrt(tries.length));
  assert.ok(tries.some((d) => d < 0) && tries.some((d) => d > 0));
});

Deno.test("kernelDistance() is near 0 for equal distributions and far beyond its deviation for a shifted one", () => {
  const a = normals(600, 1);
  const same = kernelDistance(a, normals(700, 2), {
    subsets: 20,
    subsetSize: 200,
  });
  const other = kernelDistance(a, normals(700, 2, 0.5), {
    subsets: 20,
    subsetSize: 200,
  });
  assert.ok(Math.abs(same.mean) < 3 * same.sd);
  assert.ok(other.mean > 5 * other.sd);
  assert.ok(other.mean > 10 * Math.abs(same.mean));
});

Deno.test("kernelDistance() repeats itself and depends on the seed", () => {
  const [a, b] = [normals(100, 1), normals(100, 2)];
  const options = { subsets: 5, subsetSize: 50 };
  assert.deepEqual(
    kernelDistance(a, b, options),
    kernelDistance(a, b, options),
  );
  assert.notDeepEqual(
    kernelDistance(a, b, options),
    kernelDistance(a, b, { ...options, seed: 1 }),
  );
});

Deno.test("drawWithout() draws different integers, each equally often", () => {
  const hits = new Array(10).fill(0);
  for (let i = 0; i < 2000; i++) {
    const drawn = drawWithout(10, 3, philoxNoise(0).split(i));
    assert.equal(new Set(drawn).size, 3);
    for (const k of drawn) hits[k]++;
  }
  for (const count of hits) assert.ok(Math.abs(count - 600) < 100);
  assert.deepEqual(
    drawWithout(3, 5, philoxNoise(0)).sort(),
    [0, 1, 2],
  );
});
