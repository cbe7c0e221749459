import {
  multiplyTransposed,
  symmetricEigen,
  symmetricRoot,
} from "./symmetric_eigen.ts";
import type { Vectors } from "./vectors.ts";

/** Mean and covariance of vectors. */
export interface Gaussian {
  /** `[d]`. */
  readonly mean: Float64Array;
  /** `[d, d]`. */
  readonly covariance: Float64Array;
}

/** Fits a normal distribution; the covariance divides by n − 1. Needs two vectors or more. */
export function fitGaussian({ values, width, count }: Vectors): Gaussian {
  if (count < 2) {
    throw new RangeError(
      `Cannot fit a normal distribution as there must be at least 2 vectors: current value is ${count}`,
    );
  }
  const mean = new Float64Array(width);
  for (let i = 0; i < values.length; i++) mean[i % width]! += values[i]!;
  for (let k = 0; k < width; k++) mean[k]! /= count;
  const covariance = new Float64Array(width * width);
  const row = new Float64Array(width);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < width; k++) row[k] = values[i * width + k]! - mean[k]!;
    for (let k = 0; k < width; k++) {
      const value = row[k]! / (count - 1);
      for (let l = k; l < width; l++) {
        covariance[k * width + l]! += value * row[l]!;
      }
    }
  }
  for (let k = 0; k < width; k++) {
    for (let l = 0; l < k; l++) {
      covariance[k * width + l] = covariance[l * width + k]!;
    }
  }
  return { mean, covariance };
}

/** Roots of covariances, as one reference is compared with many sets. */
const roots = new WeakMap<Gaussian, Float64Array>();

function rootOf(gaussian: Gaussian): Float64Array {
  const { covariance, mean } = gaussian;
  const root = roots.get(gaussian) ?? symmetricRoot(covariance, mean.length);
  roots.set(gaussian, root);
  return root;
}

/**
 * Squared Fréchet distance of two normal distributions, |μ₁ − μ₂|² + tr(Σ₁ + Σ₂ − 2(Σ₁Σ₂)^½) (Dowson & Landau 1982);
 * on network features, the FD of Heusel et al. (2017). It grows as samples become fewer: compare at one number of them.
 */
export function frechetDistance(a: Gaussian, b: Gaussian): number {
  const d = a.mean.length;
  let distance = 0;
  for (let k = 0; k < d; k++) {
    distance += (a.mean[k]! - b.mean[k]!) ** 2 +
      a.covariance[k * d + k]! + b.covariance[k * d + k]!;
  }
  // Σ₁Σ₂ has the eigenvalues of the symmetric Σ₂^½ Σ₁ Σ₂^½.
  const root = rootOf(b);
  const product = multiplyTransposed(
    multiplyTransposed(root, a.covariance, d),
    root,
    d,
  );
  for (const value of symmetricEigen(product, d).values) {
    distance -= 2 * Math.sqrt(Math.max(0, value));
  }
  return distance;
}
