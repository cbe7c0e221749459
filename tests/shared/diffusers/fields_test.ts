import { DIFFUSERS_CLASSES, fromDiffusers } from "@emoji/diffusion/diffusers";
import assert from "node:assert/strict";

const plan = (name: string, fields: Record<string, unknown> = {}) =>
  fromDiffusers({ _class_name: name, ...fields }, 4);

Deno.test("fromDiffusers() refuses names that no class of diffusers has, unless they are off", () => {
  assert.throws(
    () => plan("DDIMScheduler", { beta_scheduel: "scaled_linear" }),
    {
      name: "RangeError",
      message:
        'Cannot read a DDIMScheduler as its fields must be those of diffusers: current value is "beta_scheduel"',
    },
  );
  assert.deepEqual(
    plan("DDIMScheduler", {
      _diffusers_version: "0.42.1",
      some_day: false,
      another_day: null,
    }).levels,
    plan("DDIMScheduler").levels,
  );
});

Deno.test("fromDiffusers() takes files that keep fields of other classes", () => {
  // As published with Stable Diffusion XL, whose class has neither the fourth nor the last three.
  const fields = {
    "_diffusers_version": "0.19.0.dev0",
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "beta_start": 0.00085,
    "clip_sample": false,
    "interpolation_type": "linear",
    "num_train_timesteps": 1000,
    "prediction_type": "epsilon",
    "steps_offset": 1,
    "timestep_spacing": "leading",
    "trained_betas": null,
    "use_karras_sigmas": false,
    "sample_max_value": 1.0,
    "set_alpha_to_one": false,
    "skip_prk_steps": true,
  };
  assert.deepEqual(
    plan("EulerDiscreteScheduler", fields).levels.map(({ t }) => t),
    [
      751,
      501,
      251,
      1,
      0,
    ],
  );
});

Deno.test("fromDiffusers() refuses classes that are names of objects at most", () => {
  for (const name of ["constructor", "toString", "__proto__"]) {
    assert.throws(
      () => plan(name),
      /_class_name must be one of .*: current value is "/,
    );
  }
});

Deno.test("fromDiffusers() refuses values that it does not support and would ignore", () => {
  const refused: [name: string, fields: Record<string, unknown>][] = [
    ["UniPCMultistepScheduler", {
      use_flow_sigmas: true,
      use_dynamic_shifting: true,
    }],
    ["EulerDiscreteScheduler", { interpolation_type: "log_linear" }],
    ["UniPCMultistepScheduler", { shift_terminal: 0.1 }],
    ["UniPCMultistepScheduler", { solver_p: "DDIMScheduler" }],
    ["SASolverScheduler", { tau_func: "always" }],
    ["DDPMScheduler", { predict_epsilon: false }],
    ["DDIMInverseScheduler", { set_alpha_to_zero: false }],
    ["IPNDMScheduler", { trained_betas: [0.1, 0.2] }],
    ["DPMSolverMultistepInverseScheduler", { use_flow_sigmas: true }],
    ["DPMSolverMultistepInverseScheduler", { lambda_min_clipped: -5.1 }],
  ];
  for (const [name, fields] of refused) {
    const field = Object.keys(fields).at(-1)!;
    assert.throws(
      () => plan(name, fields),
      new RegExp(`Cannot read a ${name} as '${field}' must be .*: current`),
    );
  }
  const inverse = "DPMSolverMultistepInverseScheduler";
  assert.deepEqual(
    plan(inverse, { lambda_min_clipped: "-Infinity" }).levels,
    plan(inverse).levels,
  );
});

Deno.test("fromDiffusers() refuses two grids of sigmas at once", () => {
  assert.throws(
    () =>
      plan("EulerDiscreteScheduler", {
        use_karras_sigmas: true,
        use_beta_sigmas: true,
      }),
    /one grid of sigmas must be chosen: current value is use_karras_sigmas and use_beta_sigmas/,
  );
});

Deno.test("fromDiffusers() refuses PNDM of fewer steps than its Runge-Kutta ones need, as upstream fails", () => {
  const name = "PNDMScheduler";
  for (const steps of [1, 2, 3]) {
    assert.throws(() => fromDiffusers({ _class_name: name }, steps), {
      name: "RangeError",
      message:
        `Cannot sample as PNDMScheduler must make 4 steps or more unless skip_prk_steps is true: current value is ${steps}`,
    });
    fromDiffusers({ _class_name: name, skip_prk_steps: true }, steps);
  }
  fromDiffusers({ _class_name: name }, 4);
});

Deno.test("fromDiffusers() goes over the timesteps it is given, or says that its class takes none", () => {
  for (const name of DIFFUSERS_CLASSES) {
    const levelsOf = (timesteps?: number[]) =>
      fromDiffusers(
        { _class_name: name, skip_prk_steps: true },
        3,
        timesteps && { timesteps },
      ).levels.map(({ sigma }) => sigma);
    // Of 40 in consistency models, of 1000 in all others.
    const timesteps = name.startsWith("CM") ? [30, 20, 3] : [900, 500, 130];
    if (/^(EDM|IPNDM)/.test(name)) {
      assert.throws(
        () => levelsOf(timesteps),
        new RegExp(`'timesteps' as ${name} takes none`),
      );
      continue;
    }
    assert.notDeepEqual(levelsOf(timesteps), levelsOf(), name);
  }
});
