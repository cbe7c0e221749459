import assert from "node:assert/strict";
import { compact, linearAxis, logAxis } from "../../../train/report/axis.ts";

Deno.test("linearAxis() starts at 0 and ends at a round number beyond the greatest value", () => {
  const axis = linearAxis([120, 740], 100, 0);
  assert.deepEqual(axis.ticks, [0, 200, 400, 600, 800]);
  assert.equal(axis.at(0), 100);
  assert.equal(axis.at(800), 0);
  assert.equal(axis.at(400), 50);
});

Deno.test("linearAxis() shows negative values and copes with zeros alone", () => {
  assert.deepEqual(linearAxis([-3, 5], 0, 1).ticks, [-4, -2, 0, 2, 4, 6]);
  const zeros = linearAxis([0, 0], 0, 1);
  assert.equal(zeros.at(0), 0);
  assert(zeros.ticks.every(Number.isFinite));
});

Deno.test("logAxis() puts equal ratios at equal distances between round ticks", () => {
  const axis = logAxis([0.011, 0.9], 0, 100);
  assert.deepEqual(axis.ticks, [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1]);
  assert.equal(axis.at(0.01), 0);
  assert(Math.abs(axis.at(0.1) - 50) < 1e-9);
  assert.equal(axis.at(1), 100);
});

Deno.test("logAxis() holds values that are equal, tiny in range, or not positive", () => {
  for (const values of [[3, 3], [0.2, 0.21], [0, -1], [1, 1000], [1, 1]]) {
    const { at, ticks } = logAxis(values, 0, 1);
    assert(ticks.length >= 2, `${values}: ${ticks}`);
    for (const value of values) {
      assert(at(value) >= 0 && at(value) <= 1, `${values}: ${at(value)}`);
    }
  }
});

Deno.test("compact() writes numbers in few characters", () => {
  const written = [0, 0.002, 0.00002, 0.031412, 950, 12_345, 1_234_567, 2e9]
    .map(compact);
  assert.deepEqual(
    written,
    ["0", "0.002", "2e-5", "0.0314", "950", "12.3 k", "1.23 M", "2 G"],
  );
});
