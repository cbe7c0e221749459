import assert from "node:assert/strict";
import { philoxNoise } from "@emoji/diffusion/random";
import {
  fitGaussian,
  frechetDistance,
  type Gaussian,
} from "../../../train/metrics/frechet.ts";
import { vectorsOf } from "../../../train/metrics/vectors.ts";

function diagonal(mean: number[], deviations: number[]): Gaussian {
  const d = mean.length;
  const covariance = new Float64Array(d * d);
  deviations.forEach((s, i) => covariance[i * d + i] = s * s);
  return { mean: Float64Array.from(mean), covariance };
}

Deno.test("frechetDistance() of diagonal distributions is the sum of squared differences of means and deviations", () => {
  const a = diagonal([1, 2, 3], [1, 2, 0]);
  const b = diagonal([0, 2, 5], [3, 0.5, 1]);
  const expected = 1 + 0 + 4 + 2 ** 2 + 1.5 ** 2 + 1;
  assert.ok(Math.abs(frechetDistance(a, b) - expected) < 1e-9);
});

Deno.test("frechetDistance() of correlated pairs agrees with the closed form of 2x2 matrices", () => {
  // tr √(AB) of 2×2 matrices is √(tr AB + 2 √det AB).
  const a = {
    mean: new Float64Array(2),
    covariance: Float64Array.of(2, 1, 1, 3),
  };
  const b = {
    mean: new Float64Array(2),
    covariance: Float64Array.of(1, -0.5, -0.5, 2),
  };
  const trace = 2 * 1 + 2 * (1 * -0.5) + 3 * 2;
  const determinant = (2 * 3 - 1) * (1 * 2 - 0.25);
  const expected = 5 + 3 - 2 * Math.sqrt(trace + 2 * Math.sqrt(determinant));
  assert.ok(Math.abs(frechetDistance(a, b) - expected) < 1e-9);
  assert.ok(Math.abs(frechetDistance(b, a) - expected) < 1e-9);
  assert.ok(Math.abs(frechetDistance(a, a)) < 1e-9);
});

Deno.test("fitGaussian() finds the mean and covariance of mixed normal numbers", () => {
  const count = 20_000;
  const normal = new Float64Array(2 * count);
  philoxNoise(1).normal(normal);
  const values = new Float32Array(2 * count);
  for (let i = 0; i < count; i++) {
    values[2 * i] = 3 + 2 * normal[2 * i]!;
    values[2 * i + 1] = normal[2 * i]! - normal[2 * i + 1]!;
  }
  const { mean, covariance } = fitGaussian(vectorsOf(values, 2));
  [[mean[0], 3], [mean[1], 0], [covariance[0], 4], [covariance[1], 2], [
    covariance[2],
    2,
  ], [covariance[3], 2]].forEach(([actual, expected]) =>
    assert.ok(Math.abs(actual! - expected!) < 0.1, `${actual}, ${expected}`)
  );
});

Deno.test("fitGaussian() refuses a single vector", () => {
  assert.throws(
    () => fitGaussian(vectorsOf(new Float32Array(3), 3)),
    RangeError,
  );
});
