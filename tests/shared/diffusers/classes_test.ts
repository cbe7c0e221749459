// Loops of single classes of huggingface/diffusers that need more than a configuration, see the golden file.
import {
  type Denoiser,
  type NoiseSource,
  sample,
  steps,
} from "@emoji/diffusion";
import { torchBrownianNoise } from "@emoji/diffusion/random";
import { fromDiffusers } from "@emoji/diffusion/diffusers";
import assert from "node:assert/strict";
import loops from "../../testdata/goldens/diffusers_loops.json" with {
  type: "json",
};
import {
  dummyModel,
  dummySample,
  near,
  runLoop,
  SIZE,
  sumOf,
} from "./reference.ts";

const schedulers = loops.schedulers as unknown as Record<
  string,
  { config: Record<string, unknown> }
>;

Deno.test("fromDiffusers() DPMS.full_uneven_loop starts in the middle of a group as upstream", async () => {
  const name = "DPMSolverSinglestepScheduler";
  const plan = fromDiffusers(
    { ...schedulers[name]!.config, _class_name: name },
    50,
  );
  const resume = {
    index: 3,
    x: dummySample(),
    history: [],
    memory: new Map(),
    noise: [],
  };
  const x = await sample<Float64Array>(plan.denoiser(dummyModel), {
    ...plan,
    size: SIZE,
    resume,
  });
  near(sumOf(x) / x.length, 0.2574, 1e-3, "mean upstream asserts");
  near(sumOf(x), 197.664161633, 1e-9 * 198, "sum in float64");
});

for (
  const [name, sum, previous] of [
    ["DDPMParallelScheduler", 1153.18290014, 1],
    ["DDIMParallelScheduler", 1147.79056864, 100],
  ] as const
) {
  Deno.test(`fromDiffusers() ${name} steps images of different timesteps as upstream's batch_step_no_noise`, async () => {
    const config = { ...schedulers[name]!.config, "_class_name": name };
    const plan = fromDiffusers(config, 1000);
    let total = 0;
    for (const [t, shift] of [[0, 0], [1, 0.1], [2, -0.1]] as const) {
      const start = dummySample().map((value) => value + shift);
      const next = Math.max(-1, t - previous);
      const levels = [t, next].map((t) => plan.levels[999 - t]!);
      const noise = [{
        normal: (out: Float32Array | Float64Array) => out.fill(0),
        state: () => ({ kind: "none" }),
      }];
      const denoiser = plan.denoiser<Float64Array>(dummyModel);
      total += sumOf(
        await sample<Float64Array>(denoiser, {
          levels,
          solver: plan.solver,
          size: start.length,
          noise,
          start,
        }),
      );
    }
    near(total, sum, 1e-9 * sum, "sum");
  });
}

// At its first level, where alpha is 0, upstream drops what the network says and divides by 1e-8, here replayed by a
// denoiser of its own. In fromDiffusers() the network is heard: x' = sigma'·x − alpha'·v.
Deno.test("ipndm() with upstream's first level equals upstream, its schedule looped twice", async () => {
  const plan = fromDiffusers(
    { _class_name: "IPNDMScheduler", num_train_timesteps: 1000 },
    10,
    { float32: true },
  );
  const denoiser: Denoiser<Float64Array> = (x, { alpha, sigma, t }) => {
    const v = dummyModel(x, t);
    const heard = alpha > 1e-8 ? alpha : 0;
    const epsilon = x.map((value, i) => sigma * value + heard * v[i]!);
    return { x0: x, epsilon };
  };
  let x: Float64Array = dummySample();
  let history: NonNullable<
    Parameters<typeof steps<Float64Array>>[1]["resume"]
  >["history"] = [];
  for (let loop = 0; loop < 2; loop++) {
    const resume = { index: 0, x, history, memory: new Map(), noise: [] };
    for await (
      const event of steps<Float64Array>(denoiser, {
        ...plan,
        size: SIZE,
        resume,
      })
    ) {
      x = event.x;
      history = event.state().history;
    }
  }
  near(sumOf(x) / x.length, 2540529, 10, "mean upstream asserts");
});

Deno.test("fromDiffusers() UniPC takes Karras sigmas of a flow as upstream", () => {
  const { config, expected_sigmas: expected } =
    (loops.schedulers.UniPCMultistepScheduler as unknown as {
      flow_karras: {
        config: Record<string, unknown>;
        expected_sigmas: number[];
      };
    }).flow_karras;
  const { levels } = fromDiffusers({
    ...config,
    _class_name: "UniPCMultistepScheduler",
  }, 5);
  expected.forEach((sigma, i) =>
    near(levels[i]!.sigma, sigma, 1e-6, `sigma ${i}`)
  );
  assert.deepEqual(levels.slice(0, 5).map(({ t }) => t), [
    995,
    978,
    877,
    360,
    9,
  ]);
});

for (
  const [key, sum] of Object.entries(
    (loops.schedulers.TCDScheduler as unknown as {
      extra: Record<string, { f64: number }>;
    }).extra,
  )
) {
  Deno.test(`fromDiffusers() ${key} equals upstream in float64`, async () => {
    const [, eta, count] = key.match(/eta(\d\.\d)\.(\d+)/)!;
    const config = {
      ...schedulers["TCDScheduler"]!.config,
      "_class_name": "TCDScheduler",
    };
    const x = await runLoop({
      config,
      steps: Number(count),
      eta: Number(eta),
      float32: false,
    });
    near(sumOf(x), sum.f64, 1e-9 * sum.f64, "sum");
  });
}

for (
  const [override, sum, relative] of [
    [{ prediction_type: "v_prediction" }, 380.919563381, 1e-9],
    // Upstream computes these sigmas in float32 in its float64 run too.
    [{ sigma_schedule: "exponential" }, 21.7473630177, 3e-6],
  ] as const
) {
  Deno.test(`fromDiffusers() EDMEuler with ${JSON.stringify(override)} equals upstream in float64`, async () => {
    const config = {
      ...schedulers["EDMEulerScheduler"]!.config,
      "_class_name": "EDMEulerScheduler",
      ...override,
    };
    near(
      sumOf(await runLoop({ config, steps: 10, float32: false })),
      sum,
      relative * sum,
      "sum",
    );
  });
}

Deno.test("fromDiffusers() LCM of four steps equals upstream", async () => {
  const config = {
    ...schedulers["LCMScheduler"]!.config,
    "_class_name": "LCMScheduler",
  };
  near(
    sumOf(await runLoop({ config, steps: 4, float32: false })),
    189.007200342,
    189 * 3e-8,
    "sum",
  );
});

interface OneD {
  key: string;
  "config_overrides"?: Record<string, unknown>;
  expected: {
    "result_sum"?: number;
    "sum_tol"?: number;
    "result_mean": number;
    "mean_tol": number;
  };
  "measured_here": { f64: { sum: number } };
}
for (
  const test of (loops.schedulers.UniPCMultistepScheduler as unknown as {
    one_d_variant: { tests: OneD[] };
  }).one_d_variant.tests
) {
  Deno.test(`fromDiffusers() ${test.key} equals upstream`, async () => {
    const name = "UniPCMultistepScheduler";
    const config = {
      ...schedulers[name]!.config,
      ...test.config_overrides,
      "_class_name": name,
    };
    const from = test.key.endsWith("with_noise") ? 8 : 0;
    const x = await runLoop({
      config,
      steps: 10,
      float32: false,
      size: 24,
      from,
    });
    near(
      sumOf(x) / x.length,
      test.expected.result_mean,
      test.expected.mean_tol,
      "mean upstream asserts",
    );
    near(
      sumOf(x),
      test.measured_here.f64.sum,
      1e-9 * sumOf(x),
      "sum in float64",
    );
  });
}

for (
  const [overrides, sum] of [
    [{}, 337.394287109375],
    [{ prediction_type: "v_prediction" }, 193.1467742919922],
    [{ use_karras_sigmas: true }, 837.2554931640625],
  ] as const
) {
  Deno.test(`fromDiffusers() SASolverScheduler with ${JSON.stringify(overrides)} as upstream asserts it`, async () => {
    const name = "SASolverScheduler";
    const config = {
      ...schedulers[name]!.config,
      ...overrides,
      "_class_name": name,
    };
    near(
      sumOf(await runLoop({ config, steps: 10, float32: true })),
      sum,
      1e-2,
      "sum",
    );
  });
}

for (
  const [overrides, sum] of [
    [{}, 162.52383422851562],
    [{ prediction_type: "v_prediction" }, 119.8487548828125],
    [{ use_karras_sigmas: true }, 170.3135223388672],
  ] as const
) {
  Deno.test(`fromDiffusers() DPMSolverSDEScheduler with ${JSON.stringify(overrides)} as upstream asserts it`, async () => {
    const name = "DPMSolverSDEScheduler";
    const config = {
      ...schedulers[name]!.config,
      ...overrides,
      "_class_name": name,
    };
    const { levels } = fromDiffusers(config, 10, { float32: true });
    const path = torchBrownianNoise(0, {
      min: levels.at(-2)!.sigma,
      max: levels[0]!.sigma,
    });
    const noise: NoiseSource = {
      ...path,
      normal(out, interval) {
        const numbers = new Float32Array(out.length);
        path.normal(numbers, interval);
        out.set(numbers);
      },
    };
    const x = await runLoop({
      config,
      steps: 10,
      float32: true,
      noise,
      feedsScaled: true,
      keepsX0: true,
    });
    near(sumOf(x), sum, 1e-2, "sum");
  });
}
