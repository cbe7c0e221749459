import assert from "node:assert/strict";
import fc from "fast-check";
import {
  addNoise,
  addNoiseStep,
  diffusionProcess,
  velocity,
} from "@emoji/diffusion/process";
import { philoxNoise } from "@emoji/diffusion/random";
import {
  betaSchedule,
  CLEAN,
  linearBetas,
  scheduleLevel,
} from "@emoji/diffusion/schedules";
import { flowLevel, type Level, veLevel } from "../../../shared/level.ts";

const schedule = betaSchedule(linearBetas(1000));
const deter = (reversed: boolean) =>
  Float64Array.from({ length: 768 }, (_, i) => {
    const idx = (i % 192) * 4 + Math.floor(i / 192);
    return (reversed ? 767 - idx : idx) / 768;
  });

Deno.test("addNoise() and velocity() equal add_noise and get_velocity of diffusers, each image at its own level", () => {
  const levels = [0, 250, 500, 999].map((t) => scheduleLevel(schedule, t));
  // diffusers 58eb52c, DDPMScheduler in float64: add_noise / get_velocity(dummy_sample_deter, dummy_noise_deter, t =
  // [0, 250, 500, 999])
  for (
    const [x, sum, first] of [
      [addNoise(deter(false), deter(true), levels), 446.846516062, [
        0.00998697916667,
        0.0151429687435,
        0.0202989583203,
        0.0254549478971,
      ]],
      [velocity(deter(false), deter(true), levels), 336.356809907, [
        0.998647980522,
        0.993387824279,
        0.988127668035,
        0.982867511792,
      ]],
    ] as const
  ) {
    assert.ok(
      Math.abs(x.reduce((a, b) => a + Math.abs(b), 0) - sum) < 1e-9 * sum,
    );
    first.forEach((value, i) => assert.ok(Math.abs(x[i]! - value) < 1e-11));
  }
});

Deno.test("addNoiseStep() one after the other has the moments of addNoise()", () => {
  const chains: Level[][] = [
    [CLEAN, ...[9, 99, 400, 999].map((t) => scheduleLevel(schedule, t))],
    [0, 0.5, 2, 80].map(veLevel),
    [0, 0.2, 0.7, 0.95].map(flowLevel),
  ];
  for (const chain of chains) {
    let [scale, variance] = [1, 0];
    for (const [i, to] of chain.slice(1).entries()) {
      const from = chain[i]!;
      const ofX = addNoiseStep(
        Float64Array.of(1),
        Float64Array.of(0),
        from,
        to,
      )[0]!;
      const ofNoise = addNoiseStep(
        Float64Array.of(0),
        Float64Array.of(1),
        from,
        to,
      )[0]!;
      [scale, variance] = [scale * ofX, variance * ofX ** 2 + ofNoise ** 2];
      assert.ok(
        Math.abs(scale - to.alpha) < 1e-12 &&
          Math.abs(variance - to.sigma ** 2) < 1e-9 * to.sigma ** 2,
      );
    }
  }
});

Deno.test("diffusionProcess() of any subset keeps the marginals and is exact", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 0, max: 999 }), {
        minLength: 1,
        maxLength: 40,
      }),
      (timesteps) => {
        const process = diffusionProcess(schedule, timesteps);
        assert.equal(process.length, timesteps.length);
        let product = 1;
        process.levels.forEach(({ t }, i) => {
          product *= 1 - process.betas[i]!;
          assert.ok(Math.abs(product / schedule.alphaBars[t]! - 1) < 1e-9);
          assert.ok(Number.isFinite(process.posteriorLogVariances[i]!));
        });
        // The posterior agrees with Bayes' rule: averaged over q(x_t | x0) it gives q(x_t-1 | x0).
        for (let i = 1; i < process.length; i++) {
          const mean = process.posteriorMeanX0[i]! +
            process.posteriorMeanX[i]! * process.sqrtAlphaBars[i]!;
          assert.ok(Math.abs(mean - process.sqrtAlphaBars[i - 1]!) < 1e-9);
        }
      },
    ),
    { seed: 1, numRuns: 50 },
  );
});

Deno.test("diffusionProcess() refuses what is not a subset of the schedule", () => {
  for (const timesteps of [[], [5, 5], [-1], [-2], [1000], [0.5]]) {
    assert.throws(
      () => diffusionProcess(schedule, timesteps),
      RangeError,
      `${timesteps}`,
    );
  }
  assert.equal(diffusionProcess(betaSchedule([0.5])).length, 1);
});

Deno.test("diffusionProcess() takes the floor of diffusers and lucidrains for the last log variance", () => {
  assert.equal(
    diffusionProcess(schedule, undefined, { floor: 1e-20 })
      .posteriorLogVariances[0],
    Math.log(1e-20),
  );
});

Deno.test("addNoise() refuses lengths that do not fit", () => {
  const x = philoxNoise(1);
  const images = new Float32Array(6);
  x.normal(images);
  assert.throws(
    () => addNoise(images, new Float32Array(5), CLEAN),
    /Cannot add noise as images, noise and levels must fit/,
  );
  assert.throws(
    () => addNoise(images, images, [CLEAN, CLEAN, CLEAN, CLEAN]),
    RangeError,
  );
  assert.deepEqual(addNoise(images, images, CLEAN), images);
});
