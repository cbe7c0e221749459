// The fields of a class are those of its constructor in diffusers, see the golden file.
import { sample } from "@emoji/diffusion";
import { DIFFUSERS_CLASSES, fromDiffusers } from "@emoji/diffusion/diffusers";
import { torchBrownianNoise, torchNoise } from "@emoji/diffusion/random";
import assert from "node:assert/strict";
import golden from "../../testdata/goldens/diffusers_signatures.json" with {
  type: "json",
};
import { fieldsOf } from "../../../shared/diffusers/class_fields.ts";

const signatures: Record<string, Record<string, unknown>> = golden.signatures;

/** Fields that a class finds in its file though its constructor does not take them: ends of grids, a deprecated name. */
const BESIDE = ["sigma_min", "sigma_max", "set_alpha_to_zero"];
/** Fields that every class may have, of which the older ones are refused or mean nothing. */
const COMMON = [
  "num_train_timesteps",
  "prediction_type",
  "predict_epsilon",
  "tensor_format",
  "timestep_values",
];

/** A value of each field that changes the plans of classes that have it, or that they refuse. */
const CHANGED: Record<string, unknown> = {
  "beta_start": 0.0005,
  "beta_end": 0.015,
  "beta_schedule": "scaled_linear",
  "trained_betas": Array.from({ length: 1000 }, (_, i) => 1e-4 + 1e-5 * i),
  "rescale_betas_zero_snr": true,
  "variance_type": "fixed_large",
  "clip_sample": true,
  "clip_sample_range": 0.1,
  "clip_denoised": false,
  "thresholding": true,
  "dynamic_thresholding_ratio": 0.5,
  "sample_max_value": 0.2,
  "timestep_spacing": "trailing",
  "timestep_type": "continuous",
  "timestep_scaling": 3,
  "steps_offset": 1,
  "original_inference_steps": 20,
  "interpolation_type": "log_linear",
  "sigma_min": 0.1,
  "sigma_max": 5,
  "sigma_data": 0.8,
  "sigma_schedule": "exponential",
  "rho": 5,
  "final_sigmas_type": "sigma_min",
  "lambda_min_clipped": -1,
  "set_alpha_to_one": false,
  "set_alpha_to_zero": false,
  "skip_prk_steps": true,
  "use_karras_sigmas": true,
  "use_exponential_sigmas": true,
  "use_beta_sigmas": true,
  "use_lu_lambdas": true,
  "use_flow_sigmas": true,
  "flow_shift": 3,
  "shift": 3,
  "shift_terminal": 0.1,
  "invert_sigmas": true,
  "stochastic_sampling": true,
  "use_dynamic_shifting": true,
  "time_shift_type": "linear",
  "base_shift": 0.6,
  "max_shift": 1.2,
  "base_image_seq_len": 128,
  "max_image_seq_len": 2048,
  "solver_order": 1,
  "solver_type": "heun",
  "solver_p": "DDIMScheduler",
  "algorithm_type": "dpmsolver",
  "lower_order_final": false,
  "euler_at_final": true,
  "predict_x0": false,
  "predictor_order": 1,
  "corrector_order": 1,
  "disable_corrector": [0, 1],
  "tau_func": "always",
  "noise_sampler_seed": 1,
  "s_noise": 1.1,
};

/** All that a plan does: its levels, and what it makes of a network that leaves [-1, 1]. */
async function outcome(name: string, fields: Record<string, unknown>) {
  const { denoiser, ...plan } = fromDiffusers(
    { ...fields, _class_name: name },
    6,
  );
  const x = await sample(
    denoiser((x, t) => x.map((value) => -value * t / (t + 1))),
    {
      ...plan,
      size: 4,
      noise: name.includes("SDE")
        ? [torchBrownianNoise(1, { max: plan.levels[0]!.sigma })]
        : [torchNoise(1)],
    },
  );
  return { levels: plan.levels, startScale: plan.startScale, x };
}

Deno.test("fromDiffusers() knows the fields of every class", () => {
  for (const name of DIFFUSERS_CLASSES) {
    const known = [...fieldsOf(name)];
    const own = Object.keys(signatures[name]!);
    assert.deepEqual(own.filter((field) => !known.includes(field)), [], name);
    assert.deepEqual(
      known.filter((field) => ![...own, ...BESIDE, ...COMMON].includes(field)),
      [],
      name,
    );
  }
  const all = Object.values(signatures).flatMap(Object.keys);
  for (const field of [...all, ...BESIDE]) {
    assert.ok(COMMON.includes(field) || field in CHANGED, field);
  }
});

for (const name of DIFFUSERS_CLASSES) {
  Deno.test(`fromDiffusers() ${name} is not changed by fields of other classes, nor by its own defaults`, async () => {
    const plain = await outcome(name, {});
    for (const [field, value] of Object.entries(CHANGED)) {
      if (fieldsOf(name).has(field)) continue;
      assert.deepEqual(await outcome(name, { [field]: value }), plain, field);
    }
    for (const [field, value] of Object.entries(signatures[name]!)) {
      assert.deepEqual(await outcome(name, { [field]: value }), plain, field);
    }
  });
}

Deno.test("fromDiffusers() takes the ends of a grid from files of classes that look for them", () => {
  const sigmas = (fields: Record<string, unknown>) =>
    fromDiffusers({
      _class_name: "HeunDiscreteScheduler",
      use_karras_sigmas: true,
      ...fields,
    }, 4).levels.map(({ sigma }) => sigma);
  const given = sigmas({ sigma_min: 0.1, sigma_max: 5 });
  assert.ok(Math.abs(given[0]! - 5) < 1e-12);
  assert.ok(Math.abs(given[3]! - 0.1) < 1e-12);
  assert.ok(sigmas({})[0]! > 10);
});
