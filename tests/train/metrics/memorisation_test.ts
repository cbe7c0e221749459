import assert from "node:assert/strict";
import {
  memorisation,
  nearerThan,
  quantile,
} from "../../../train/metrics/memorisation.ts";

const near = (firstDistance: number, secondDistance: number) => ({
  first: 0,
  second: 1,
  firstDistance,
  secondDistance,
});

Deno.test("memorisation() counts distances below a third of the second and gives median and deciles", () => {
  const distances = Array.from({ length: 11 }, (_, i) => near(i + 1, 13.5));
  const { copies, median, deciles } = memorisation(distances);
  assert.equal(copies, 4 / 11);
  assert.equal(median, 6);
  assert.deepEqual(deciles, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
});

Deno.test("nearerThan() gives the share of samples below a quantile of the held-out distances", () => {
  const heldOut = Array.from({ length: 101 }, (_, i) => near(i, 200));
  const samples = [near(0.5, 200), near(0.9, 200), near(1, 200), near(60, 200)];
  assert.equal(nearerThan(samples, heldOut, 0.01), 0.5);
});

Deno.test("quantile() lies between the numbers around it", () => {
  assert.equal(quantile([1, 2, 4], 0.75), 3);
  assert.equal(quantile([5], 0.3), 5);
});
