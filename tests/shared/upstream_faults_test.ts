// Faults of other libraries that this one is built not to have. Those of schedules, timesteps and random numbers are
// with the tests of those folders.
import {
  ddim,
  dpmpp,
  isNoisier,
  lambda,
  type Level,
  repaintLevels,
  sample,
  type Solver,
} from "@emoji/diffusion";
import { DIFFUSERS_CLASSES, fromDiffusers } from "@emoji/diffusion/diffusers";
import { karrasLevels } from "@emoji/diffusion/steps";
import assert from "node:assert/strict";
import { dummyModel, near, runLoop, sumOf } from "./diffusers/reference.ts";

const DDIM = {
  "_class_name": "DDIMScheduler",
  "num_train_timesteps": 1000,
  "beta_start": 0.0001,
  "beta_end": 0.02,
};

Deno.test("DDIM reads the next timestep from the list, huggingface/diffusers issues 9261, 11347, 12633", async () => {
  for (
    const [spacing, steps, right, upstream] of [[
      "linspace",
      10,
      169.46,
      191.25,
    ], ["trailing", 7, 158.85, 162.06]] as const
  ) {
    const sum = sumOf(
      await runLoop({
        config: { ...DDIM, timestep_spacing: spacing },
        steps,
        float32: false,
      }),
    );
    near(sum, right, 0.01, spacing);
    assert.ok(Math.abs(sum - upstream) > 1);
  }
});

Deno.test("DDPM with variance fixed_large_log is that of fixed_large and finite, huggingface/diffusers issue 14569", async () => {
  const config = { ...DDIM, "_class_name": "DDPMScheduler" };
  const [log, plain] = await Promise.all(
    ["fixed_large_log", "fixed_large"].map((name) =>
      runLoop({
        config: { ...config, variance_type: name },
        steps: 20,
        float32: false,
      })
    ),
  );
  assert.ok(log!.every(Number.isFinite));
  assert.deepEqual(log, plain);
});

Deno.test("DPM-Solver++ for the SDE adds no noise at the last step, huggingface/diffusers issue 5689", async () => {
  for (const order of [1, 2, 3]) {
    const seen: Float32Array[] = [];
    const x = await sample((x: Float32Array) => x.map((value) => value / 9), {
      levels: karrasLevels(6),
      solver: dpmpp({ order, eta: 1 }),
      size: 8,
      seeds: [1],
      onStep: ({ x0 }) => void seen.push(x0),
    });
    assert.deepEqual(x, seen.at(-1));
  }
});

Deno.test("DDPM adds no noise to the clean image though its last timestep is not 0, unless told to", async () => {
  const config = {
    ...DDIM,
    "_class_name": "DDPMScheduler",
    "timestep_spacing": "trailing",
    "variance_type": "fixed_large",
  };
  for (const finalNoise of [false, true]) {
    const plan = fromDiffusers(config, 5, finalNoise ? { finalNoise } : {});
    const seen: Float32Array[] = [];
    const x = await sample(plan.denoiser((x) => x.map(Math.tanh)), {
      ...plan,
      size: 8,
      seeds: [1],
      onStep: ({ x0 }) => void seen.push(x0),
    });
    if (finalNoise) assert.notDeepEqual(x, seen.at(-1));
    else assert.deepEqual(x, seen.at(-1));
  }
});

Deno.test("the curvature of a third-order SDE step vanishes with the step, as it does not in diffusers", async () => {
  // (1 − e^−2h − 2h) / (2h)² − 1/2 tends to −1, with + 1/2 to 0.
  const level = (sigma: number): Level => ({ alpha: 1, sigma, t: sigma });
  const levels = [1.003, 1.002, 1.001, 1].map(level);
  let call = 0;
  const denoiser = () => Float64Array.of([0, 1, 4][call++]!);
  const quiet = [{
    normal: (out: Float32Array | Float64Array) => out.fill(0),
    state: () => ({ kind: "none" }),
  }];
  const solver: Solver = dpmpp({ order: 3, eta: 1 });
  const x = await sample<Float64Array>(denoiser, {
    levels,
    solver,
    size: 1,
    noise: quiet,
    start: Float64Array.of(1),
  });
  const h = lambda(levels[3]!) - lambda(levels[2]!);
  assert.ok(Math.abs(x[0]! - 1) < 40 * h, `${x[0]}`);
});

Deno.test("a run of RePaint goes back to other levels, unlike the loop of lucidrains that stays at one", () => {
  const levels = repaintLevels(karrasLevels(20), {
    jumpLength: 5,
    resamples: 2,
  });
  const up = levels.slice(1).filter((level, i) => isNoisier(level, levels[i]!));
  assert.equal(new Set(up.map(({ sigma }) => sigma)).size, up.length);
});

Deno.test("concurrent runs share a plan, huggingface/diffusers issues 5749, 7851, 9362, 9833", async () => {
  for (
    const name of [
      "DPMSolverMultistepScheduler",
      "UniPCMultistepScheduler",
      "PNDMScheduler",
      "LMSDiscreteScheduler",
    ]
  ) {
    const plan = fromDiffusers({ ...DDIM, _class_name: name }, 12);
    const denoiser = plan.denoiser<Float64Array>(dummyModel);
    const run = (first: number) =>
      sample<Float64Array>(denoiser, {
        ...plan,
        size: 2,
        start: Float64Array.of(first, 1),
      });
    const together = await Promise.all([1, 2, 3].map(run));
    for (const first of [1, 2, 3]) {
      assert.deepEqual(together[first - 1], await run(first));
    }
  }
});

Deno.test("an image of a batch has its own seed, huggingface/diffusers issues 208, 612, 3158, 6233", async () => {
  const options = {
    levels: karrasLevels(5),
    solver: ddim({ eta: 1 }),
    size: 6,
  };
  const network = (x: Float32Array) => x.map(Math.tanh);
  const batch = await sample(network, { ...options, seeds: [1, 2, 3] });
  assert.deepEqual(
    batch.slice(6, 12),
    await sample(network, { ...options, seeds: [2] }),
  );
});

Deno.test("zero terminal signal-to-noise works with v and is refused with ε, huggingface/diffusers issues 3851, 5103, 5969", async () => {
  const config = {
    ...DDIM,
    "rescale_betas_zero_snr": true,
    "timestep_spacing": "trailing",
  };
  assert.throws(
    () => fromDiffusers(config, 10),
    /prediction_type must not be epsilon/,
  );
  for (const eta of [0, 1]) {
    const x = await runLoop({
      config: { ...config, prediction_type: "v_prediction" },
      steps: 10,
      float32: false,
      eta,
    });
    assert.ok(x.every(Number.isFinite));
  }
});

Deno.test("fromDiffusers() ignores no name it does not know, and every class runs with its defaults", async () => {
  const refuses = (change: object, reason: RegExp) =>
    assert.throws(() => fromDiffusers({ ...DDIM, ...change }, 10), reason);
  refuses({ _class_name: "BestScheduler" }, /_class_name must be one of/);
  refuses({ beta_schedule: "wavy" }, /'beta_schedule' must be one of/);
  refuses({ prediction_type: "magic" }, /'prediction_type' must be one of/);
  refuses(
    { _class_name: "DDPMScheduler", variance_type: "none" },
    /'variance_type' must be one of/,
  );
  refuses(
    { num_train_timesteps: "many" },
    /'num_train_timesteps' must be a number/,
  );
  refuses({ timestep_spacing: "leading", steps_offset: 950 }, /timestep/);
  assert.throws(() => fromDiffusers(DDIM, 1001), RangeError);
  for (const name of DIFFUSERS_CLASSES) {
    const plan = fromDiffusers({ _class_name: name }, 8);
    const x = await sample(plan.denoiser((x) => x.map(Math.tanh)), {
      ...plan,
      size: 4,
      seeds: [1],
      start: Float32Array.of(1, -1, 0.5, 2),
    });
    assert.ok(x.every(Number.isFinite), `${name}: ${x}`);
  }
});
