/**
 * Quality and variety apart: precision and recall (Kynkäänniemi et al. 2019, arXiv 1904.06991), density and coverage
 * (Naeem et al. 2020, arXiv 2002.09797). All of them ask who lies within whose k-th neighbour.
 *
 * @module
 */

import type { Vectors } from "./vectors.ts";

/** Figures of candidates against a reference. */
export interface Manifold {
  /** Share of candidates within a reference vector's k-th neighbour, 0 to 1. */
  readonly precision: number;
  /** Share of reference vectors within a candidate's k-th neighbour, 0 to 1. */
  readonly recall: number;
  /** Mean number of reference balls around a candidate over k; 1 for equal distributions, may be larger. */
  readonly density: number;
  /** Share of reference vectors with a candidate within their k-th neighbour, 0 to 1. */
  readonly coverage: number;
}

/**
 * Compares candidates with a reference; recall is fair only where both are of about one number.
 *
 * @param k Which neighbour bounds a ball; a vector is no neighbour of itself. Both sides need more vectors than `k`.
 */
export function compareManifolds(
  candidates: Vectors,
  reference: Vectors,
  k = 5,
): Manifold {
  for (const { count } of [candidates, reference]) {
    if (count > k) continue;
    throw new RangeError(
      `Cannot compare manifolds as there must be more than ${k} vectors: current value is ${count}`,
    );
  }
  const ofReference = neighbourRadii(reference, k);
  const ofCandidates = neighbourRadii(candidates, k);
  const recalled = new Uint8Array(reference.count);
  const covered = new Uint8Array(reference.count);
  let precise = 0;
  let balls = 0;
  for (let i = 0; i < candidates.count; i++) {
    let within = 0;
    for (let j = 0; j < reference.count; j++) {
      const distance = squaredDistance(candidates, i, reference, j);
      if (distance <= ofReference[j]!) {
        within++;
        covered[j] = 1;
      }
      if (distance <= ofCandidates[i]!) recalled[j] = 1;
    }
    if (within > 0) precise++;
    balls += within;
  }
  return {
    precision: precise / candidates.count,
    recall: mean(recalled),
    density: balls / (k * candidates.count),
    coverage: mean(covered),
  };
}

/** Squared distance of each vector to its k-th neighbour. */
export function neighbourRadii(x: Vectors, k: number): Float64Array {
  const distances = new Float64Array(x.count);
  return Float64Array.from({ length: x.count }, (_, i) => {
    for (let j = 0; j < x.count; j++) {
      distances[j] = i === j ? -1 : squaredDistance(x, i, x, j);
    }
    return distances.slice().sort()[k]!;
  });
}

function squaredDistance(a: Vectors, i: number, b: Vectors, j: number): number {
  const { width } = a;
  const from = i * width;
  const to = j * width;
  let sum = 0;
  for (let k = 0; k < width; k++) {
    const difference = a.values[from + k]! - b.values[to + k]!;
    sum += difference * difference;
  }
  return sum;
}

function mean(flags: Uint8Array): number {
  return flags.reduce((sum, flag) => sum + flag, 0) / flags.length;
}
