import { sample } from "@emoji/diffusion";
import { fromDiffusers } from "@emoji/diffusion/diffusers";
import assert from "node:assert/strict";
import { batchNoise, dummyModel, dummySample, near } from "./reference.ts";

const EULER = {
  "_class_name": "FlowMatchEulerDiscreteScheduler",
  "num_train_timesteps": 1000,
  shift: 3,
};

// set_timesteps() of FlowMatchEulerDiscreteScheduler of diffusers (58eb52c, 2026-08) in numpy's float64, with
// f = lambda s: 3*s/(1+2*s); lo = s[-1]; hi = 1; r = np.linspace(0, 1, 5):
const SIGMAS: [fields: Record<string, unknown>, sigmas: number[]][] = [
  // s = f(np.linspace(f(1), f(1/1000), 5))
  [{}, [1, 0.900359066427, 0.751121076233, 0.502985074627, 0.00892857142857]],
  // (hi**(1/7) + r*(lo**(1/7) - hi**(1/7)))**7
  [{ use_karras_sigmas: true }, [
    1,
    0.40032155292,
    0.139599116143,
    0.0403727069062,
    0.00892857142857,
  ]],
  // np.exp(np.linspace(math.log(hi), math.log(lo), 5))
  [{ use_exponential_sigmas: true }, [
    1,
    0.307394076476,
    0.0944911182523,
    0.0290460100303,
    0.00892857142857,
  ]],
  // lo + scipy.stats.beta.ppf(1 - r, .6, .6)*(hi - lo)
  [{ use_beta_sigmas: true }, [
    1,
    0.825888196157,
    0.504464285714,
    0.183040375272,
    0.00892857142857,
  ]],
  // 1 - (1 - s)/((1 - s[-1])/(1 - .1))
  [{ shift_terminal: 0.1 }, [
    1,
    0.909515260323,
    0.77399103139,
    0.548656716418,
    0.1,
  ]],
  // both, the grid between the ends that the stretch left
  [{ shift_terminal: 0.02, use_karras_sigmas: true }, [
    1,
    0.45273218696,
    0.185219956773,
    0.0664690553739,
    0.02,
  ]],
];

for (const [fields, expected] of SIGMAS) {
  Deno.test(`fromDiffusers() FlowMatchEuler with ${JSON.stringify(fields)} has upstream's sigmas`, () => {
    const { levels } = fromDiffusers({ ...EULER, ...fields }, 5);
    assert.equal(levels.length, 6);
    [...expected, 0].forEach((sigma, i) => {
      near(levels[i]!.sigma, sigma, 1e-11, `sigma ${i}`);
      near(levels[i]!.alpha, 1 - sigma, 1e-11, `alpha ${i}`);
      near(levels[i]!.t, 1000 * sigma, 1e-8, `t ${i}`);
    });
  });
}

// set_timesteps() with mu and sigmas, in numpy's float64 as above
const GIVEN: [
  fields: Record<string, unknown>,
  options: Parameters<typeof fromDiffusers>[2],
  sigmas: number[],
][] = [
  // s = np.linspace(1, 1/1000, 5); math.exp(1.15)/(math.exp(1.15) + (1/s - 1))
  [{ use_dynamic_shifting: true }, { mu: 1.15 }, [
    1,
    0.904645882832,
    0.759876035613,
    0.513842392046,
    0.0031513915987,
  ]],
  // 2.5/(2.5 + (1/s - 1))
  [{ use_dynamic_shifting: true, time_shift_type: "linear" }, { mu: 2.5 }, [
    1,
    0.88249132506,
    0.714693702699,
    0.455536379326,
    0.00249625561658,
  ]],
  // s = np.linspace(1, 1/4, 4); math.exp(.8)/(math.exp(.8) + (1/s - 1))
  [
    { use_dynamic_shifting: true },
    { mu: 0.8, sigmas: [1, 0.75, 0.5, 0.25] },
    [1, 0.869734383472, 0.689974481128, 0.425896755752],
  ],
  // s of the last one; 1 - (1 - s)/((1 - s[-1])/(1 - .1))
  [
    { use_dynamic_shifting: true, shift_terminal: 0.1 },
    { mu: 0.8, sigmas: [1, 0.75, 0.5, 0.25] },
    [1, 0.795787506778, 0.513984688677, 0.1],
  ],
  // f(np.array([.9, .5, .2]))
  [{}, { sigmas: [0.9, 0.5, 0.2] }, [0.964285714286, 0.75, 0.428571428571]],
];

for (const [fields, options, expected] of GIVEN) {
  Deno.test(`fromDiffusers() FlowMatchEuler with ${JSON.stringify({ ...fields, ...options })} has upstream's sigmas`, () => {
    const { levels } = fromDiffusers({ ...EULER, ...fields }, 5, options);
    assert.equal(levels.length, expected.length + 1);
    [...expected, 0].forEach((sigma, i) => {
      near(levels[i]!.sigma, sigma, 1e-11, `sigma ${i}`);
      near(levels[i]!.t, 1000 * sigma, 1e-8, `t ${i}`);
    });
  });
}

Deno.test("fromDiffusers() refuses a flow whose shift is left open, and sigmas and mu that would be ignored", () => {
  const dynamic = { ...EULER, "use_dynamic_shifting": true };
  const refuses = (
    config: Record<string, unknown>,
    options: Parameters<typeof fromDiffusers>[2],
    reason: RegExp,
  ) =>
    assert.throws(() => fromDiffusers(config, 4, options), {
      name: "RangeError",
      message: reason,
    });
  refuses(dynamic, {}, /'mu' must be given .*: current value is undefined/);
  for (const mu of [NaN, Infinity, -Infinity]) {
    refuses(dynamic, { mu }, /'mu' must be given as a number/);
  }
  refuses(
    { ...dynamic, time_shift_type: "linear" },
    { mu: -1 },
    /makes a shift > 0/,
  );
  refuses(EULER, { mu: 1 }, /use_dynamic_shifting must be true/);
  for (const sigmas of [[1.1], [1, 1], [0.5, 0.6], [1, 0], [NaN]]) {
    refuses(EULER, { sigmas }, /'sigmas\[\d\]' must be in \(0, 1\]/);
  }
  refuses(EULER, { sigmas: [1], timesteps: [1000] }, /current value is both/);
  for (const options of [{ sigmas: [1, 0.5] }, { mu: 1 }]) {
    refuses(
      { "_class_name": "UniPCMultistepScheduler", "use_flow_sigmas": true },
      options,
      /only FlowMatchEulerDiscreteScheduler takes them/,
    );
  }
});

Deno.test("fromDiffusers() FlowMatchHeun has no grids, as upstream", () => {
  const config = { ...EULER, "_class_name": "FlowMatchHeunDiscreteScheduler" };
  assert.deepEqual(
    fromDiffusers({ ...config, use_karras_sigmas: true }, 5).levels,
    fromDiffusers(config, 5).levels,
  );
});

Deno.test("fromDiffusers() FlowMatchEuler takes timesteps, and one step from noise to the image whatever the grid", () => {
  const { levels } = fromDiffusers(EULER, 5, { timesteps: [1000, 250] });
  assert.deepEqual(levels.map(({ sigma }) => sigma), [1, 0.5, 0]);
  for (
    const fields of [{}, { use_beta_sigmas: true }, { shift_terminal: 0.1 }]
  ) {
    const { levels } = fromDiffusers({ ...EULER, ...fields }, 1);
    assert.deepEqual(levels.map(({ sigma }) => sigma), [1, 0]);
  }
  for (const terminal of [1, -0.1]) {
    assert.throws(
      () => fromDiffusers({ ...EULER, shift_terminal: terminal }, 5),
      /shift_terminal must be in \[0, 1\)/,
    );
  }
});

/** step() of FlowMatchEulerDiscreteScheduler over its own sigmas. */
function upstreamLoop(
  sigmas: readonly number[],
  step: (
    x: number,
    output: number,
    sigma: number,
    next: number,
    i: number,
  ) => number,
): Float64Array {
  let x = dummySample();
  sigmas.slice(0, -1).forEach((sigma, at) => {
    const output = dummyModel(x, 1000 * sigma);
    const next = sigmas[at + 1]!;
    x = x.map((value, i) => step(value, output[i]!, sigma, next, i));
  });
  return x;
}

function equal(actual: Float64Array, expected: Float64Array): void {
  actual.forEach((value, i) =>
    near(value, expected[i]!, 1e-12 * Math.max(1, Math.abs(value)), `x[${i}]`)
  );
}

Deno.test("fromDiffusers() FlowMatchEuler with stochastic_sampling renews the noise as upstream", async () => {
  const plan = fromDiffusers({ ...EULER, stochastic_sampling: true }, 5);
  const start = dummySample();
  const x = await sample<Float64Array>(plan.denoiser(dummyModel), {
    ...plan,
    size: start.length,
    noise: [batchNoise(0)],
    start,
  });
  const source = batchNoise(0);
  const noises = Array.from({ length: 5 }, () => {
    const noise = new Float64Array(start.length);
    source.normal(noise);
    return noise;
  });
  const sigmas = plan.levels.map(({ sigma }) => sigma);
  // x0 = sample - sigma*model_output; prev_sample = (1 - sigma_next)*x0 + sigma_next*noise
  const expected = upstreamLoop(
    sigmas,
    (x, output, sigma, next, i) =>
      (1 - next) * (x - sigma * output) +
      next * noises[sigmas.indexOf(sigma)]![i]!,
  );
  equal(x, expected);
});

Deno.test("fromDiffusers() FlowMatchEuler with invert_sigmas counts time towards the image as upstream", async () => {
  const plan = fromDiffusers({ ...EULER, invert_sigmas: true }, 5);
  const start = dummySample();
  const x = await sample<Float64Array>(plan.denoiser(dummyModel), {
    ...plan,
    size: start.length,
    seeds: [0],
    start,
  });
  // sigmas = 1 - sigmas; timesteps = sigmas*1000; sigmas = cat([sigmas, 1]); prev_sample = sample + (sigma_next - sigma)*model_output
  const expected = upstreamLoop(
    plan.levels.map(({ sigma }) => 1 - sigma),
    (x, output, sigma, next) => x + (next - sigma) * output,
  );
  equal(x, expected);
});

Deno.test("fromDiffusers() UniPC stretches the sigmas of a flow as upstream", () => {
  const { levels } = fromDiffusers({
    "_class_name": "UniPCMultistepScheduler",
    "prediction_type": "flow_prediction",
    "use_flow_sigmas": true,
    "flow_shift": 3,
    "shift_terminal": 0.1,
  }, 5);
  // s = f(np.linspace(1, 1/1000, 6)[:-1]); s = 1 - (1 - s)/((1 - s[-1])/(1 - .1)); s[0] -= 1e-6
  [0.999999, 0.878726349792, 0.713413304253, 0.474750166556, 0.1].forEach((
    sigma,
    i,
  ) => near(levels[i]!.sigma, sigma, 1e-11, `sigma ${i}`));
});
