import assert from "node:assert/strict";
import { philoxNoise } from "@emoji/diffusion/random";
import { averageDecay, updateAverage } from "../../train/ema.ts";
import { reconstructAverage, type Snapshot } from "../../train/posthoc_ema.ts";

const STEPS = 1024;
const SIZE = 64;

/** Averages of a random walk at every 64th step, and the final averages of other lengths. */
function walk(stored: readonly number[], wanted: readonly number[]) {
  const random = philoxNoise(1);
  const move = new Float32Array(SIZE);
  const weights = new Float32Array(SIZE);
  const lengths = [...stored, ...wanted];
  const averages = lengths.map(() => new Float32Array(SIZE));
  const snapshots: Snapshot[] = [];
  for (let step = 1; step <= STEPS; step++) {
    random.normal(move);
    move.forEach((value, i) => weights[i]! += value);
    lengths.forEach((length, i) =>
      updateAverage(
        averages[i]!,
        weights,
        { from: 0, to: SIZE },
        averageDecay(length, step),
      )
    );
    if (step % 64 > 0) continue;
    stored.forEach((sigmaRel, i) =>
      snapshots.push({ step, sigmaRel, weights: averages[i]!.slice() })
    );
  }
  return { snapshots, truth: averages.slice(stored.length), weights };
}

const distance = (a: Float32Array, b: Float32Array) =>
  Math.sqrt(a.reduce((sum, v, i) => sum + (v - b[i]!) ** 2, 0));

Deno.test("reconstructAverage() gives averages of other lengths from two stored ones", () => {
  const wanted = [0.07, 0.15, 0.2];
  const { snapshots, truth, weights } = walk([0.05, 0.1], wanted);
  wanted.forEach((sigmaRel, i) => {
    const average = reconstructAverage(snapshots, STEPS, sigmaRel);
    const error = distance(average, truth[i]!) / distance(weights, truth[i]!);
    assert.ok(error < 0.02, `${sigmaRel}: ${error}`);
  });
});

Deno.test("reconstructAverage() gives a stored average back", () => {
  const { snapshots } = walk([0.05, 0.1], []);
  const average = reconstructAverage(snapshots, STEPS, 0.1);
  const stored = snapshots.at(-1)!.weights;
  assert.ok(
    distance(average, stored) < 1e-3 * distance(stored, stored.map(() => 0)),
  );
});

Deno.test("reconstructAverage() refuses a step before the first snapshot", () => {
  const { snapshots } = walk([0.05], []);
  assert.throws(
    () => reconstructAverage(snapshots, 10, 0.1),
    /there must be a snapshot up to step 10/,
  );
});
