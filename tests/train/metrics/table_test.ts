import assert from "node:assert/strict";
import type { Figures } from "../../../train/metrics/figures.ts";
import { figureRows, markdownTable } from "../../../train/metrics/table.ts";

function figuresWith(value: number): Figures {
  const distance = { fd: value, kid: { mean: value, sd: 0.01 } };
  return {
    count: 10,
    distances: { random: distance, classifier: distance },
    manifold: { precision: 1, recall: 1, density: 1, coverage: 1 },
    agreement: {
      group: 1,
      groupTop5: 1 / value,
      subgroup: 1,
      subgroupTop5: 1 / value,
      style: 1,
    },
    saturation: 0.5,
    colour: { saturation: -0.01 * value, hue: 0.1 * value },
    transparency: { haze: 0.01 * value, corners: 0 },
    memorisation: { copies: 0.004 * value, median: 1 / value, deciles: [] },
    suspicious: 0,
  };
}

const FLOORS = {
  colourFloor: { saturation: 0.01, hue: 0.1 },
  transparency: { haze: 0.01, corners: 0 },
};
const barsOf = (value: number) =>
  figureRows(figuresWith(value), figuresWith(1), FLOORS)
    .filter(({ met }) => met !== undefined);

Deno.test("figureRows() meets every bar with the figures of real pictures, but those over zero", () => {
  const missed = barsOf(1).filter(({ met }) => !met);
  assert.deepEqual(missed.map(({ name }) => name), ["alpha of corners"]);
});

Deno.test("figureRows() misses every bar far from real pictures and meets the ratio of two", () => {
  assert.ok(barsOf(3).every(({ met }) => !met));
  const met = barsOf(2).filter(({ met }) => met).map(({ name }) => name);
  assert.deepEqual(met, [
    "FD, random",
    "FD, classifier",
    "saturation off by",
    "hue histogram off by",
  ]);
});

Deno.test("markdownTable() pads cells so that columns align", () => {
  assert.equal(
    markdownTable(["a", "figure"], [["long name", "1.5"]]),
    `| a         | figure |
| --------- | -----: |
| long name |    1.5 |`,
  );
});
