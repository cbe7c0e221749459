import assert from "node:assert/strict";
import { philoxNoise } from "@emoji/diffusion/random";
import {
  multiplyTransposed,
  symmetricEigen,
  symmetricRoot,
} from "../../../train/metrics/symmetric_eigen.ts";

function randomSymmetric(n: number, seed: number): Float64Array {
  const a = new Float64Array(n * n);
  philoxNoise(seed).normal(a);
  return a.map((value, i) => value + a[(i % n) * n + Math.floor(i / n)]!);
}

function near(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < actual.length; i++) {
    assert.ok(
      Math.abs(actual[i]! - expected[i]!) < 1e-9,
      `${i}: ${actual[i]} against ${expected[i]}`,
    );
  }
}

Deno.test("symmetricEigen() finds the eigenvalues of the path's Laplacian, 2 - 2 cos(pi k / n)", () => {
  const n = 12;
  const laplacian = Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    if (i === j) return i === 0 || i === n - 1 ? 1 : 2;
    return Math.abs(i - j) === 1 ? -1 : 0;
  });
  near(
    symmetricEigen(laplacian, n).values.sort(),
    Array.from({ length: n }, (_, k) => 2 - 2 * Math.cos(Math.PI * k / n)),
  );
});

Deno.test("symmetricEigen() puts the matrix together again from orthonormal vectors", () => {
  const n = 17;
  const matrix = randomSymmetric(n, 3);
  const { values, vectors } = symmetricEigen(matrix, n);
  const scaled = vectors.map((value, i) => value * values[i % n]!);
  near(multiplyTransposed(scaled, vectors, n), matrix);
  const identity = Float64Array.from(
    { length: n * n },
    (_, i) => Number(i % (n + 1) === 0),
  );
  near(multiplyTransposed(vectors, vectors, n), identity);
});

Deno.test("symmetricRoot() squares to a semi-definite matrix without full rank", () => {
  const n = 9;
  const thin = randomSymmetric(n, 4).map((value, i) => i % n < 3 ? value : 0);
  const matrix = multiplyTransposed(thin, thin, n);
  const root = symmetricRoot(matrix, n);
  const square = multiplyTransposed(root, root, n);
  for (let i = 0; i < n * n; i++) {
    assert.ok(Math.abs(square[i]! - matrix[i]!) < 1e-6);
  }
});

Deno.test("symmetricEigen() refuses numbers that are not finite", () => {
  assert.throws(() => symmetricEigen(Float64Array.of(NaN), 1), RangeError);
});
