import assert from "node:assert/strict";
import fc from "fast-check";
import {
  alphaBarBetas,
  alphaBarSchedule,
  betaSchedule,
  CLEAN,
  constantBetas,
  cosineAlphaBar,
  exponentialAlphaBar,
  jsdBetas,
  laplaceAlphaBar,
  linearBetas,
  scaledLinearBetas,
  scheduleLevel,
  sigmoidAlphaBar,
  sigmoidBetas,
  zeroTerminalSnr,
} from "@emoji/diffusion/schedules";

Deno.test("betaSchedule() keeps trained betas exactly", () => {
  assert.deepEqual(betaSchedule([0.1, 0.3]).betas, Float64Array.of(0.1, 0.3));
});

Deno.test("betaSchedule() refuses betas that are NaN, out of range, out of order or absent", () => {
  for (
    const betas of [
      [0.1, NaN],
      [0, 0.1],
      [-0.1],
      [0.1, 1.1],
      [0.1, 1, 1],
      linearBetas(100, { start: 0.1, end: 2 }),
    ]
  ) {
    assert.throws(
      () => betaSchedule(betas),
      /Cannot make a schedule as 'betas\[\d+\]' must be in \(0, 1\)/,
    );
  }
  assert.throws(
    () => betaSchedule([0.3, 0.1]),
    /'betas' must not decrease, unless 'sorted' is false: current value is 0.1 after 0.3 at 1/,
  );
  assert.throws(() => betaSchedule([]), RangeError);
  assert.equal(betaSchedule([0.3, 0.1], { sorted: false }).length, 2);
});

Deno.test("betaSchedule() in float32 accumulates in float64: a float32 running product is not what torch has", () => {
  // Upstream trap: torch.cumprod rounds on store alone; 907 of these 1000 entries differ otherwise.
  const { betas, alphaBars } = betaSchedule(
    linearBetas(1000, { float32: true }),
    { float32: true },
  );
  let product = 1;
  const different = betas.filter((beta, i) => {
    product = Math.fround(product * Math.fround(1 - beta));
    return product !== alphaBars[i];
  });
  assert.equal(different.length, 907);
  for (const value of alphaBars) assert.equal(value, Math.fround(value));
});

Deno.test("betaSchedule() puts the lowest alphaBar in place of a terminal zero", () => {
  const betas = zeroTerminalSnr(linearBetas(1000));
  assert.equal(betaSchedule(betas).alphaBars[999], 0);
  assert.equal(
    betaSchedule(betas, { minAlphaBar: 2 ** -24 }).alphaBars[999],
    2 ** -24,
  );
});

Deno.test("zeroTerminalSnr() refuses less than the two betas it moves apart", () => {
  for (const betas of [[], [0.1]]) {
    assert.throws(
      () => zeroTerminalSnr(betas),
      new RegExp(`must be at least 2: current value is ${betas.length}`),
    );
  }
  assert.equal(zeroTerminalSnr([0.1, 0.2])[1], 1);
});

Deno.test("alphaBarSchedule() undoes betaSchedule()", () => {
  const schedule = betaSchedule(linearBetas(50));
  const again = alphaBarSchedule(schedule.alphaBars);
  again.betas.forEach((beta, i) =>
    assert.ok(Math.abs(beta / schedule.betas[i]! - 1) < 1e-11)
  );
  assert.throws(() => alphaBarSchedule([0.9, 0.95]), RangeError);
  assert.throws(() => alphaBarSchedule([1, 0.5]), RangeError);
  assert.throws(() => alphaBarSchedule([]), RangeError);
});

Deno.test("scheduleLevel() is variance preserving, clean at -1 and refuses what does not exist", () => {
  const schedule = betaSchedule(linearBetas(10));
  assert.equal(scheduleLevel(schedule, -1), CLEAN);
  for (let t = 0; t < 10; t++) {
    const { alpha, sigma } = scheduleLevel(schedule, t);
    assert.ok(Math.abs(alpha ** 2 + sigma ** 2 - 1) < 1e-15);
  }
  for (const index of [-2, 10, 0.5, NaN]) {
    assert.throws(
      () => scheduleLevel(schedule, index),
      /must be an integer from -1 to 9/,
    );
  }
});

Deno.test("every named schedule falls from near 1 towards 0, whatever its length", () => {
  const makers = [
    (T: number) =>
      linearBetas(T, { scaled: true, end: Math.min(0.02, 9e-4 * T) }),
    (T: number) => scaledLinearBetas(T),
    (T: number) => sigmoidBetas(T),
    (T: number) => constantBetas(T),
    (T: number) => jsdBetas(T),
    (T: number) => alphaBarBetas(T, cosineAlphaBar()),
    (T: number) => alphaBarBetas(T, sigmoidAlphaBar({ tau: 0.8 })),
    (T: number) => alphaBarBetas(T, laplaceAlphaBar),
    (T: number) => alphaBarBetas(T, exponentialAlphaBar),
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...makers),
      fc.integer({ min: 2, max: 2000 }),
      fc.boolean(),
      (make, T, float32) => {
        const { alphaBars, length } = betaSchedule(make(T), {
          float32,
          sorted: false,
        });
        assert.equal(length, T);
        alphaBars.forEach((value, i) =>
          assert.ok(
            value >= 0 && value < (i === 0 ? 1 : alphaBars[i - 1]!),
            `${i}: ${value}`,
          )
        );
        const stretched = betaSchedule(zeroTerminalSnr(make(T), { float32 }), {
          float32,
          sorted: false,
        }).alphaBars;
        assert.equal(stretched[T - 1], 0);
        assert.ok(Math.abs(stretched[0]! - alphaBars[0]!) < 1e-6);
      },
    ),
    { seed: 4, numRuns: 100 },
  );
});
