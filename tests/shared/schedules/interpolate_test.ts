import assert from "node:assert/strict";
import {
  betaSchedule,
  indexOfSigma,
  levelAt,
  linearBetas,
  linearInLogSigma,
  scheduleLevel,
  vpSigmaLevel,
  zeroTerminalSnr,
} from "@emoji/diffusion/schedules";
import { noiseToSignal } from "../../../shared/level.ts";

const float32 = { float32: true };
const schedule = betaSchedule(linearBetas(1100, float32), float32); // as in the tests of diffusers' EulerDiscreteScheduler

function near(actual: number, expected: number, relative: number): void {
  assert.ok(
    Math.abs(actual - expected) <= relative * Math.abs(expected),
    `${actual}, ${expected}`,
  );
}

Deno.test("levelAt() interpolates straight in sigma as diffusers' Euler does", () => {
  // EulerDiscreteScheduler(num_train_timesteps=1100, beta_schedule="linear").set_timesteps(10): sigmas at timesteps
  // 1099 * i / 9
  const expected = [
    261.05557251,
    81.4056777954,
    29.1121177673,
    11.9125652313,
    5.53581953049,
    2.86487531662,
    1.58681774139,
    0.874082505703,
    0.40016323328,
    0.0100013297051,
  ];
  expected.forEach((sigma, i) =>
    near(noiseToSignal(levelAt(schedule, 1099 * (9 - i) / 9)), sigma, 1e-6)
  );
  assert.deepEqual(levelAt(schedule, 500), scheduleLevel(schedule, 500));
  assert.deepEqual(
    levelAt(schedule, 500, linearInLogSigma),
    scheduleLevel(schedule, 500),
  );
});

Deno.test("levelAt() refuses indices outside", () => {
  for (const index of [-0.5, 1099.5, NaN]) {
    assert.throws(() => levelAt(schedule, index), RangeError);
  }
});

Deno.test("indexOfSigma() equals diffusers' _sigma_to_t on Karras levels", () => {
  // The same scheduler with use_karras_sigmas=True: sigmas and timesteps
  const pairs = [
    [261.05557251, 1099],
    [140.04826355, 1035.54003906],
    [33.1392097473, 871.100097656],
    [1.75221931934, 387.296051025],
    [0.0878118872643, 23.5367183685],
  ] as const;
  for (const [sigma, index] of pairs) {
    near(indexOfSigma(schedule, sigma), index, 1e-5);
  }
});

Deno.test("indexOfSigma() undoes levelAt() and stays inside the schedule", () => {
  for (const index of [0, 0.25, 7.5, 500.125, 1098.75, 1099]) {
    near(
      indexOfSigma(
        schedule,
        noiseToSignal(levelAt(schedule, index, linearInLogSigma)),
      ),
      index,
      1e-9,
    );
  }
  assert.equal(indexOfSigma(schedule, 0), 0);
  assert.equal(indexOfSigma(schedule, 1e9), 1099);
  assert.equal(indexOfSigma(betaSchedule([0.5]), 3), 0);
  const zero = betaSchedule(zeroTerminalSnr(linearBetas(1000)));
  assert.equal(indexOfSigma(zero, 1e5), 998);
  assert.equal(indexOfSigma(zero, Infinity), 999);
  assert.equal(indexOfSigma(schedule, Infinity), 1099);
});

Deno.test("vpSigmaLevel() keeps the ratio", () => {
  const { alpha, sigma } = vpSigmaLevel(3, 0);
  near(sigma / alpha, 3, 1e-15);
  near(alpha ** 2 + sigma ** 2, 1, 1e-15);
  assert.deepEqual(vpSigmaLevel(Infinity, 9), { alpha: 0, sigma: 1, t: 9 });
});
