import assert from "node:assert/strict";
import {
  bestOfSteps,
  score,
  sweepTable,
  type Trial,
} from "../../../train/metrics/trials.ts";

function trial(
  steps: number,
  guidance: number,
  random: number,
  classifier: number,
): Trial {
  const distance = (fd: number) => ({ fd, kid: { mean: -0.001, sd: 0.01 } });
  return {
    sha256: "",
    sampler: "ddim",
    steps,
    guidance,
    sigmaMin: null,
    eta: null,
    samples: 100,
    conditions: "train",
    seed: 0,
    distances: { random: distance(random), classifier: distance(classifier) },
    seconds: 1,
  };
}

const TRIALS = [
  trial(8, 1, 9, 4),
  trial(4, 1, 50, 2),
  trial(4, 2, 20, 4),
  trial(8, 2, 30, 2),
];

Deno.test("score() weighs the feature spaces alike whatever their scale", () => {
  assert.ok(Math.abs(score(trial(4, 1, 50, 2)) - 10) < 1e-9);
  assert.ok(Math.abs(score(trial(4, 1, 2, 50)) - 10) < 1e-9);
});

Deno.test("bestOfSteps() keeps the nearest trial of each number of steps", () => {
  assert.deepEqual(
    bestOfSteps(TRIALS).map(({ steps, guidance }) => [steps, guidance]),
    [[4, 2], [8, 1]],
  );
});

Deno.test("sweepTable() sorts by steps, then nearness, and ends with the floor", () => {
  const lines = sweepTable(TRIALS, trial(0, 0, 5, 1).distances).split("\n")
    .slice(2);
  const firstCells = lines.map((line) =>
    line.split("|").slice(1, 4).map((cell) => cell.trim())
  );
  assert.deepEqual(firstCells, [
    ["ddim", "4", "2"],
    ["ddim", "4", "1"],
    ["ddim", "8", "1"],
    ["ddim", "8", "2"],
    ["real held-out", "", ""],
  ]);
});
