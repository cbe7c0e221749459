/**
 * Averages of the weights of any length, worked out after the run from stored ones (Karras et al. 2024, §3.2 and
 * appendix C.2).
 *
 * @module
 */

import { powerExponent } from "./ema.ts";

/** A stored average. */
export interface Snapshot {
  /** Step at which it was stored. */
  step: number;
  /** Its relative length. */
  sigmaRel: number;
  /** The averaged weights. */
  weights: Float32Array;
}

/** Time and exponent of a power-function profile. */
interface Profile {
  t: number;
  gamma: number;
}

/** Inner product of two profiles: algorithm 3, `p_dot_p`. */
function product(a: Profile, b: Profile): number {
  const exponent = a.t < b.t ? b.gamma : -a.gamma;
  return (a.gamma + 1) * (b.gamma + 1) * (a.t / b.t) ** exponent /
    ((a.gamma + b.gamma + 1) * Math.max(a.t, b.t));
}

/** Weights of the snapshots in the average that is nearest to a profile: the normal equations of least squares. */
function solveWeights(
  stored: readonly Profile[],
  wanted: Profile,
): Float64Array {
  const rows = stored.map((a) =>
    Float64Array.of(...stored.map((b) => product(a, b)), product(a, wanted))
  );
  const n = rows.length;
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let row = column + 1; row < n; row++) {
      const larger = Math.abs(rows[row]![column]!) >
        Math.abs(rows[pivot]![column]!);
      if (larger) pivot = row;
    }
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    const head = rows[column]!;
    for (const [index, row] of rows.entries()) {
      if (index === column) continue;
      const factor = row[column]! / head[column]!;
      for (let k = column; k <= n; k++) row[k]! -= factor * head[k]!;
    }
  }
  return Float64Array.from(rows, (row, i) => row[n]! / row[i]!);
}

/**
 * The average of relative length `sigmaRel` at `step`.
 *
 * @param snapshots Averages of one or more lengths at several steps; two lengths and a dozen steps do well.
 * @throws {RangeError} If there is no snapshot up to `step`.
 */
export function reconstructAverage(
  snapshots: readonly Snapshot[],
  step: number,
  sigmaRel: number,
): Float32Array {
  const used = snapshots.filter((snapshot) => snapshot.step <= step);
  const [first] = used;
  if (first === undefined) {
    throw new RangeError(
      `Cannot average weights as there must be a snapshot up to step ${step}: current value is none`,
    );
  }
  const factors = solveWeights(
    used.map(({ step, sigmaRel }) => ({
      t: step,
      gamma: powerExponent(sigmaRel),
    })),
    { t: step, gamma: powerExponent(sigmaRel) },
  );
  const sum = new Float64Array(first.weights.length);
  used.forEach(({ weights }, i) => {
    const factor = factors[i]!;
    weights.forEach((weight, k) => sum[k]! += factor * weight);
  });
  return Float32Array.from(sum);
}
