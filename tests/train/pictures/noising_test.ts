import assert from "node:assert/strict";
import { openProcess } from "@emoji/diffusion/open-process";
import { philoxNoise } from "@emoji/diffusion/random";
import {
  noiseAtOnce,
  noiseStepByStep,
  shownSteps,
} from "../../../train/pictures/noising.ts";

const STEPS = 100;
const COUNT = 20_000;
const process = openProcess({
  type: "vp",
  schedule: { type: "linear", length: STEPS, start: 1e-4, end: 0.05 },
  prediction: "epsilon",
});
const levels = Array.from(
  { length: STEPS + 1 },
  (_, step) => process.level(step - 1),
);
const shown = [0, 20, 60, STEPS];
const x0 = new Float32Array(COUNT).fill(0.7);
const chain = noiseStepByStep(x0, levels, shown, philoxNoise(1));
const direct = noiseAtOnce(x0, levels, shown, philoxNoise(2));

function moments(x: Float32Array): { mean: number; variance: number } {
  const mean = x.reduce((sum, v) => sum + v, 0) / x.length;
  const square = x.reduce((sum, v) => sum + (v - mean) ** 2, 0);
  return { mean, variance: square / x.length };
}

/** Largest distance of two empirical distribution functions (Kolmogorov and Smirnov). */
function distributionDistance(a: Float32Array, b: Float32Array): number {
  const [p, q] = [a.toSorted(), b.toSorted()];
  let [i, j, most] = [0, 0, 0];
  while (i < p.length && j < q.length) {
    if (p[i]! <= q[j]!) i++;
    else j++;
    most = Math.max(most, Math.abs(i / p.length - j / q.length));
  }
  return most;
}

Deno.test("noiseStepByStep() and noiseAtOnce() begin with the clean picture", () => {
  assert.deepEqual(chain[0], { step: 0, x: x0 });
  assert.deepEqual(direct[0], { step: 0, x: x0 });
});

Deno.test("noiseStepByStep() and noiseAtOnce() have the mean and the variance of equation 4", () => {
  for (const frames of [chain, direct]) {
    for (const { step, x } of frames.slice(1)) {
      // ᾱ from the β of equation 2, without the tables of the process.
      let alphaBar = 1;
      for (let t = 0; t < step; t++) {
        alphaBar *= 1 - (1e-4 + (0.05 - 1e-4) * t / (STEPS - 1));
      }
      const { mean, variance } = moments(x);
      const error = Math.sqrt((1 - alphaBar) / COUNT);
      const away = (mean - 0.7 * Math.sqrt(alphaBar)) / error;
      assert(Math.abs(away) < 4, `step ${step}: mean ${away} errors away`);
      const ratio = variance / (1 - alphaBar);
      assert(Math.abs(ratio - 1) < 4 * Math.sqrt(2 / COUNT), `step ${step}`);
    }
  }
});

Deno.test("noiseStepByStep() and noiseAtOnce() agree in distribution at every step shown", () => {
  const limit = 1.63 * Math.sqrt(2 / COUNT); // passed by equal distributions in 99 of 100 draws
  for (const [k, { step, x }] of chain.entries()) {
    if (step === 0) continue;
    const distance = distributionDistance(x, direct[k]!.x);
    assert(distance < limit, `step ${step}: ${distance}`);
  }
  assert(distributionDistance(chain[1]!.x, direct[2]!.x) > 10 * limit);
});

Deno.test("noiseStepByStep() keeps its steps correlated, as a path", () => {
  const [a, b] = [chain[1]!.x, chain[2]!.x];
  const [left, right] = [moments(a), moments(b)];
  let product = 0;
  for (let i = 0; i < COUNT; i++) {
    product += (a[i]! - left.mean) * (b[i]! - right.mean);
  }
  const correlation = product / COUNT /
    Math.sqrt(left.variance * right.variance);
  assert(correlation > 0.1, `${correlation}`);
});

Deno.test("shownSteps() takes every n-th and the last", () => {
  assert.deepEqual(shownSteps(100, 20), [0, 20, 40, 60, 80, 100]);
  assert.deepEqual(shownSteps(50, 20), [0, 20, 40, 50]);
  assert.deepEqual(shownSteps(5, 20), [0, 5]);
});
