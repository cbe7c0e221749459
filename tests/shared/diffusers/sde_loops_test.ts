// tests/schedulers/test_scheduler_dpm_sde.py of huggingface/diffusers on the CPU: DPMSolverSDEScheduler(1100 linear
// steps, noise_sampler_seed=0), 10 steps, batch (4, 3, 8, 8). Upstream hands the scaled images to `step`, at both
// evaluations.
import assert from "node:assert/strict";
import { type Denoiser, steps } from "@emoji/diffusion";
import { fromDiffusers } from "@emoji/diffusion/diffusers";
import { torchBrownianNoise } from "@emoji/diffusion/random";
import { dummyModel, dummySample, sumOf } from "./reference.ts";

const base = {
  "_class_name": "DPMSolverSDEScheduler",
  "num_train_timesteps": 1100,
  "beta_start": 0.0001,
  "beta_end": 0.02,
  "beta_schedule": "linear",
};
const cases = [
  { name: "test_full_loop_no_noise", config: base, sum: 162.523834229 },
  {
    name: "test_full_loop_with_v_prediction",
    config: { ...base, "prediction_type": "v_prediction" },
    sum: 119.848754883,
  },
  {
    name: "test_full_loop_device_karras_sigmas",
    config: { ...base, "use_karras_sigmas": true },
    sum: 170.313522339,
  },
];

for (const { name, config, sum } of cases) {
  Deno.test(`fromDiffusers() with torchBrownianNoise() DPMSolverSDEScheduler ${name} as upstream asserts it`, async () => {
    const plan = fromDiffusers(config, 10, { float32: true });
    const { levels } = plan;
    const noise = [
      torchBrownianNoise(0, {
        min: levels.at(-2)!.sigma,
        max: levels[0]!.sigma,
      }),
    ];
    let step: number | undefined;
    const denoiser: Denoiser<Float64Array> = (x, { sigma, t }, call) => {
      const scaled = step === call.step
        ? x.map((value) => value / Math.hypot(sigma, 1))
        : x;
      step = call.step;
      const output = dummyModel(scaled, t);
      return "prediction_type" in config
        ? scaled.map((value, i) =>
          value / (sigma ** 2 + 1) - output[i]! * sigma / Math.hypot(sigma, 1)
        )
        : scaled.map((value, i) => value - sigma * output[i]!);
    };
    let x: Float64Array = dummySample().map((value) => value * plan.startScale);
    for (let index = 0; index < levels.length - 1; index++) {
      x = x.map((value) => value / Math.hypot(levels[index]!.sigma, 1));
      const resume = { index, x, history: [], memory: new Map(), noise: [] };
      for await (
        const event of steps<Float64Array>(denoiser, {
          ...plan,
          size: x.length,
          noise,
          resume,
        })
      ) {
        x = event.x;
        break;
      }
    }
    assert.ok(Math.abs(sumOf(x) - sum) < 1e-2, `${sumOf(x)} is not ${sum}`);
  });
}
