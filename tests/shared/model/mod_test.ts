import assert from "node:assert/strict";
import { karrasLevels } from "@emoji/diffusion/steps";
import type { ModelConfig } from "../../../shared/model/config.ts";
import {
  drawPlanes,
  lastSigma,
  modelDenoiser,
  type ModelNetwork,
  planSampling,
} from "../../../shared/model/mod.ts";
import { SAMPLERS } from "../../../shared/model/sampler_registry.ts";
import { tinyConfig as config } from "../tiny_config.ts";

/** F that makes D the ideal denoiser of data that is 0.8 in style a, -0.4 in style b, 0.1 in none. */
const network: ModelNetwork = (x, told, condition, { images }) => {
  const sigma = Math.exp(4 * told);
  const sigmaData = 0.5;
  const total = sigma ** 2 + sigmaData ** 2;
  const skip = sigmaData ** 2 / total;
  const out = sigma * sigmaData / Math.sqrt(total);
  return x.map((value, i) => {
    const row = 3 * Math.floor(i / (x.length / images));
    const mean = condition[row]! * 0.8 - condition[row + 1]! * 0.4 +
      condition[row + 2]! * 0.1;
    return (mean - skip * value * Math.sqrt(total)) / out;
  });
};

const near = (values: Float32Array, expected: number) =>
  values.forEach((value) =>
    assert.ok(
      Math.abs(value - expected) < 1e-4,
      `${value} is not near ${expected}`,
    )
  );

Deno.test("planSampling() fills in the model's defaults", () => {
  const plan = planSampling(config);
  assert.deepEqual([plan.sampler, plan.steps, plan.eta, plan.guidance], [
    "dpmpp-2m",
    10,
    0,
    3,
  ]);
  assert.equal(plan.levels.length, 11);
  assert.ok(Math.abs(plan.levels[0]!.sigma - 80) < 1e-9);
  assert.equal(plan.levels[10]!.sigma, 0);
});

Deno.test("planSampling() counts evaluations as the solver makes them", async () => {
  for (const sampler of SAMPLERS.keys()) {
    for (const steps of [1, 2, 5]) {
      const plan = planSampling(config, { sampler, steps });
      let calls = 0;
      await drawPlanes(config, (...args) => (calls++, network(...args)), {
        seeds: [1],
        plan,
      });
      assert.equal(plan.evaluations, calls, `${sampler} ${steps}`);
    }
  }
});

Deno.test("planSampling() refuses what the model does not allow", () => {
  assert.throws(
    () => planSampling(config, { sampler: "x" }),
    /sampler must be one of ddim, .*: current value is x/,
  );
  assert.throws(
    () => planSampling(config, { steps: 101 }),
    /steps must be an integer from 1 to 100: current value is 101/,
  );
  assert.throws(
    () => planSampling(config, { steps: 1.5 }),
    /steps must be an integer/,
  );
  assert.throws(
    () => planSampling(config, { eta: 0.5 }),
    /eta must be 0 with sampler dpmpp-2m/,
  );
  assert.throws(
    () => planSampling(config, { eta: 2, sampler: "ddim" }),
    /eta must be from 0 to 1/,
  );
  assert.throws(
    () => planSampling(config, { guidance: NaN }),
    /guidance must be at least 0: current value is NaN/,
  );
});

Deno.test("lastSigma() is linear in 1/steps between the table's entries and constant outside", () => {
  const sigmas = [1, 4, 16, 99].map((steps) => lastSigma(config, steps));
  assert.deepEqual(sigmas, [0.4, 0.4, 0.1, 0.1]);
  assert.ok(Math.abs(lastSigma(config, 6) - (0.4 - 2 / 3 * 0.15)) < 1e-12);
  const none = {
    ...config,
    sampling: { ...config.sampling, sigmaMinBySteps: [] },
  };
  assert.equal(lastSigma(none, 4), 0.02);
});

Deno.test("planSampling() spaces levels evenly in the power of sigma for the number of steps", () => {
  const sampling: ModelConfig["sampling"] = {
    ...config.sampling,
    sigmaPowerBySteps: [[4, -0.1], [8, 0]],
  };
  const levels = (steps: number) =>
    planSampling({ ...config, sampling }, { steps }).levels;
  for (
    const [steps, rho] of [[4, -10], [8, Infinity], [20, Infinity]] as const
  ) {
    assert.deepEqual(
      levels(steps),
      karrasLevels(steps, { rho, sigmaMin: lastSigma(config, steps) }),
    );
  }
  assert.deepEqual(
    planSampling(config, { steps: 4 }).levels,
    karrasLevels(4, { rho: 7, sigmaMin: lastSigma(config, 4) }),
  );
});

Deno.test("drawPlanes() ends in the data with every sampler and from one step on", async () => {
  for (const sampler of SAMPLERS.keys()) {
    for (const steps of [1, 2, 7]) {
      const plan = planSampling(config, { sampler, steps, guidance: 1 });
      near(
        await drawPlanes(config, network, {
          seeds: [7],
          plan,
          condition: { style: "b" },
        }),
        -0.4,
      );
    }
  }
});

Deno.test("modelDenoiser() guides away from the unconditional picture, clips, and saves evaluations", async () => {
  const call = { images: 1, step: 0 };
  const level = { alpha: 1, sigma: 2, t: 2 };
  const x = new Float32Array(16);
  const x0 = async (
    condition: { style?: string },
    guidance: number,
    change: Partial<ModelConfig["sampling"]> = {},
  ) => {
    let calls = 0;
    const denoise = modelDenoiser(
      { ...config, sampling: { ...config.sampling, ...change } },
      (...args) => (calls++, network(...args)),
      { conditions: [condition], guidance },
    );
    const answer = await denoise(x, level, call);
    return [
      Number((ArrayBuffer.isView(answer) ? answer : answer.x0)[0]!.toFixed(4)),
      calls,
    ];
  };
  assert.deepEqual(await x0({ style: "b" }, 2), [-0.9, 2]); // 0.1 + 2·(−0.4 − 0.1)
  assert.deepEqual(await x0({ style: "a" }, 3), [1, 2]); // 2.2 clipped
  assert.deepEqual(await x0({ style: "a" }, 3, { clip: false }), [2.2, 2]);
  assert.deepEqual(await x0({ style: "a" }, 1), [0.8, 1]);
  assert.deepEqual(await x0({ style: "a" }, 3, { guidanceFolded: true }), [
    0.8,
    1,
  ]);
  // Half the folded scale is half-way to the unconditional answer.
  assert.deepEqual(await x0({ style: "a" }, 1.5, { guidanceFolded: true }), [
    0.45,
    2,
  ]);
  assert.deepEqual(await x0({}, 3), [0.1, 1]);
});

Deno.test("drawPlanes() draws each image from its own seed and condition alone", async () => {
  const plan = planSampling(config, { steps: 3 });
  const conditions = [{ style: "a" }, {}, { style: "b" }];
  const batch = await drawPlanes(config, network, {
    seeds: [1, "two", 3n],
    plan,
    condition: conditions,
  });
  const second = await drawPlanes(config, network, {
    seeds: ["two"],
    plan,
    condition: conditions[1]!,
  });
  assert.deepEqual(batch.slice(16, 32), second);
});
