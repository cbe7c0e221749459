import assert from "node:assert/strict";
import {
  boundedCosineLogSnr,
  cosineLogSnr,
  linearLogSnr,
  shiftedLogSnr,
} from "@emoji/diffusion/schedules";
import { logSnrLevels } from "@emoji/diffusion/steps";

Deno.test("logSnrLevels() is even in time, variance preserving and ends in the image", () => {
  for (
    const logSnr of [
      linearLogSnr,
      cosineLogSnr(),
      shiftedLogSnr(boundedCosineLogSnr(), 32, 64),
    ]
  ) {
    const levels = logSnrLevels(logSnr, 4);
    assert.deepEqual(levels.map((level) => level.t), [1, 0.75, 0.5, 0.25, 0]);
    assert.deepEqual(levels.at(-1), { alpha: 1, sigma: 0, t: 0 });
    for (const { alpha, sigma, t } of levels.slice(0, -1)) {
      assert.ok(Math.abs(alpha ** 2 + sigma ** 2 - 1) < 1e-12);
      assert.ok(Math.abs(2 * Math.log(alpha / sigma) - logSnr(t)) < 1e-9);
    }
  }
});

Deno.test("logSnrLevels() refuses times and schedules that do not go towards the image", () => {
  for (
    const options of [{ start: 0 }, { start: 1.1 }, { end: 0 }, { end: 1 }, {
      end: NaN,
    }]
  ) {
    assert.throws(
      () => logSnrLevels(linearLogSnr, 5, options),
      /times must be/,
    );
  }
  assert.throws(() => logSnrLevels((time) => time, 5), /'logSnr' must rise/);
  assert.throws(() => logSnrLevels(linearLogSnr, 0), /'steps' must be/);
});
