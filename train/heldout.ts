/**
 * Loss on pictures of concepts the network never sees, by noise level: the cheapest sign of overfitting.
 *
 * @module
 */

import type { Batch, BatchSource } from "./batch.ts";

/** Bounds of ln σ between the reported levels. */
const EDGES = [-2.5, -1.2, 0, 1.2] as const;

/** Names of the reported ranges of σ, lowest first. */
export const LEVEL_NAMES = [
  "<0.08",
  "0.08-0.3",
  "0.3-1",
  "1-3.3",
  ">3.3",
] as const;

/** Mean losses on a fixed set of examples. */
export interface LevelLosses {
  /** Over all examples. */
  mean: number;
  /** By range of σ, as {@linkcode LEVEL_NAMES}. */
  byLevel: number[];
}

/** Averages `losses` of the examples that `drawBatch` gives for steps 0 to `steps`. */
export async function levelLosses(
  drawBatch: BatchSource,
  batch: number,
  steps: number,
  losses: (batch: Batch) => Promise<Float32Array>,
): Promise<LevelLosses> {
  const sums = LEVEL_NAMES.map(() => 0);
  const counts = LEVEL_NAMES.map(() => 0);
  for (let step = 0; step < steps; step++) {
    const examples = drawBatch(step, 0, batch);
    (await losses(examples)).forEach((loss, i) => {
      const lnSigma = Math.log(examples.sigma[i]!);
      const bin = EDGES.filter((edge) => lnSigma >= edge).length;
      sums[bin]! += loss;
      counts[bin]! += 1;
    });
  }
  const total = (values: number[]) => values.reduce((a, b) => a + b, 0);
  return {
    mean: total(sums) / total(counts),
    byLevel: sums.map((sum, i) => sum / counts[i]!),
  };
}
