import assert from "node:assert/strict";
import {
  betaSchedule,
  CLEAN,
  linearBetas,
  scheduleLevel,
  zeroTerminalSnr,
} from "@emoji/diffusion/schedules";
import {
  flowLevels,
  gridLevels,
  karrasSigmas,
  lcmTimesteps,
  timestepLevels,
  trailingTimesteps,
  varianceExploding,
  variancePreserving,
} from "@emoji/diffusion/steps";

const schedule = betaSchedule(linearBetas(1000));

Deno.test("timestepLevels() ends in the clean image or where it is told to", () => {
  assert.deepEqual(timestepLevels(schedule, [999, 0]), [
    scheduleLevel(schedule, 999),
    scheduleLevel(schedule, 0),
    CLEAN,
  ]);
  const final = scheduleLevel(schedule, 0);
  assert.equal(timestepLevels(schedule, [999, 500], { final })[2], final);
});

Deno.test("timestepLevels() refuses timesteps that do not fit the schedule", () => {
  for (const timesteps of [[1000], [10, 10], [10, 20], [-1], [NaN], [999.5]]) {
    assert.throws(
      () => timestepLevels(schedule, timesteps),
      RangeError,
      `${timesteps}`,
    );
  }
});

Deno.test("gridLevels() tells the network an index of its own schedule", () => {
  const levels = gridLevels(
    schedule,
    karrasSigmas(5, { sigmaMin: 0.03, sigmaMax: 100 }),
  );
  assert.deepEqual(levels.at(-1), CLEAN);
  for (const { t, alpha, sigma } of levels.slice(0, -1)) {
    const [low, high] = [
      scheduleLevel(schedule, Math.floor(t)),
      scheduleLevel(schedule, Math.ceil(t)),
    ];
    assert.ok(
      low.sigma <= sigma && sigma <= high.sigma && low.alpha >= alpha &&
        alpha >= high.alpha,
    );
  }
  for (const level of gridLevels(schedule, [50, 5, 0.5], { whole: true })) {
    assert.ok(Number.isInteger(level.t));
  }
  assert.throws(
    () => gridLevels(schedule, [1, 1, 0]),
    /Cannot list levels as 'sigmas\[1\]'/,
  );
});

Deno.test("varianceExploding() and variancePreserving() undo each other", () => {
  const levels = timestepLevels(schedule, trailingTimesteps(1000, 7));
  const there = varianceExploding(levels);
  assert.ok(there.every((level) => level.alpha === 1));
  variancePreserving(there).forEach((level, i) => {
    assert.equal(level.t, levels[i]!.t);
    assert.ok(Math.abs(level.alpha / levels[i]!.alpha - 1) < 1e-12);
    assert.ok(Math.abs(level.sigma - levels[i]!.sigma) < 1e-12);
  });
});

Deno.test("variancePreserving() and gridLevels() know pure noise", () => {
  const pure = { alpha: 0, sigma: 1 };
  const [first, middle, last] = variancePreserving(flowLevels(2));
  assert.deepEqual(first, { ...pure, t: 1 });
  assert.deepEqual(last, { alpha: 1, sigma: 0, t: 0 });
  assert.ok(middle!.alpha === middle!.sigma && middle!.t === 0.5);
  assert.ok(Math.abs(middle!.alpha - Math.SQRT1_2) < 1e-15);
  const zero = betaSchedule(zeroTerminalSnr(linearBetas(1000)));
  assert.deepEqual(gridLevels(zero, [Infinity, 0]), [
    { ...pure, t: 999 },
    CLEAN,
  ]);
});

Deno.test("lcmTimesteps() equals LCMScheduler.set_timesteps()", () => {
  assert.deepEqual(lcmTimesteps(1000, 4), [999, 759, 499, 259]);
  assert.deepEqual(lcmTimesteps(1000, 3), [999, 679, 339]);
  assert.deepEqual(lcmTimesteps(1000, 7), [999, 859, 719, 579, 439, 299, 159]);
  assert.deepEqual(lcmTimesteps(1000, 4, { strength: 0.5 }), [
    499,
    379,
    259,
    139,
  ]);
  assert.throws(
    () => lcmTimesteps(1000, 51),
    /at most the 50 steps of the distillation/,
  );
});
