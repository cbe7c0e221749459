import assert from "node:assert/strict";
import { type BySteps, valueAt } from "../../../shared/model/by_steps.ts";

Deno.test("valueAt() is linear in 1/steps between entries and that of the nearest outside", () => {
  const table: BySteps = [[4, 0.4], [8, 0.2], [50, 0.02]];
  const middle = 16 / 3; // 1/steps half way between 1/4 and 1/8
  const wanted: BySteps = [...table, [1, 0.4], [middle, 0.3], [100, 0.02]];
  for (const [steps, value] of wanted) {
    assert.ok(Math.abs(valueAt(table, steps)! - value) < 1e-12);
  }
});

Deno.test("valueAt() has no value in an empty table", () => {
  assert.equal(valueAt([], 4), undefined);
});
