import assert from "node:assert/strict";
import { flowLevels, shiftTime } from "@emoji/diffusion/steps";

Deno.test("flowLevels() equals FlowMatchEulerDiscreteScheduler(shift=3).set_timesteps(10)", () => {
  // scheduler.sigmas of diffusers 0.42; it shifts the ends of its table and then once more, so its last time is shift(1
  // / 1000)
  const expected = [
    1,
    0.9601293206214905,
    0.9133489727973938,
    0.857692301273346,
    0.7903682589530945,
    0.7072784900665283,
    0.602150559425354,
    0.4648760259151459,
    0.2780487835407257,
    0.008928571827709675,
    0,
  ];
  const levels = flowLevels(10, { shift: 3, end: shiftTime(1 / 1000, 3) });
  levels.forEach((level, i) => {
    assert.ok(Math.abs(level.t - expected[i]!) < 1e-6, `${i}: ${level.t}`);
    assert.equal(level.sigma, level.t);
    assert.equal(level.alpha, 1 - level.t);
  });
});

Deno.test("flowLevels() is even by default and ends in the image", () => {
  assert.deepEqual(flowLevels(4).map((level) => level.t), [
    1,
    0.75,
    0.5,
    0.25,
    0,
  ]);
  assert.deepEqual(flowLevels(1).map((level) => level.t), [1, 0]);
});

Deno.test("flowLevels() has the flow sigmas of diffusers' UniPC", () => {
  // s = 1 - np.linspace(1, 1 / 1000, 5); flip(shift * s / (1 + (shift - 1) * s)), whose last entry is the clean image
  const times = flowLevels(4, { shift: 2, start: 0.999 }).map((level) =>
    level.t
  );
  [0.999, 0.74925, 0.4995, 0.24975, 0].forEach((s, i) =>
    assert.ok(Math.abs(times[i]! - 2 * s / (1 + s)) < 1e-15)
  );
});

Deno.test("flowLevels() refuses what is out of range", () => {
  for (
    const options of [{ shift: 0 }, { start: 1.5 }, { start: 0 }, { end: 0 }, {
      start: 0.5,
      end: 0.6,
    }, { end: NaN }]
  ) {
    assert.throws(() => flowLevels(5, options), RangeError);
  }
});
