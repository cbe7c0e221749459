// Loops that upstream does not test, run with the classes of huggingface/diffusers in float64, see the golden file.
import {
  guide,
  type Level,
  rescaledGuidance,
  sample,
  threshold,
} from "@emoji/diffusion";
import { fromDiffusers } from "@emoji/diffusion/diffusers";
import loops from "../../testdata/goldens/diffusers_loops.json" with {
  type: "json",
};
import golden from "../../testdata/goldens/diffusers_vectors.json" with {
  type: "json",
};
import {
  dummyModel,
  dummyNoise,
  dummySample,
  IMAGES,
  type Loop,
  near,
  negModel,
  runLoop,
  SIZE,
  sumOf,
} from "./reference.ts";

type Vector = { f64: { sum: number; "first4_nchw"?: number[] } };
const vectors = golden.vectors as unknown as Record<string, Vector>;
const schedulers = loops.schedulers as unknown as Record<
  string,
  { config: Record<string, unknown> }
>;
const CLASS: Record<string, string> = {
  DDIM: "DDIMScheduler",
  DDPM: "DDPMScheduler",
  DPMM: "DPMSolverMultistepScheduler",
  UniPC: "UniPCMultistepScheduler",
  Euler: "EulerDiscreteScheduler",
  EulerA: "EulerAncestralDiscreteScheduler",
  Heun: "HeunDiscreteScheduler",
  LMS: "LMSDiscreteScheduler",
  KDPM2: "KDPM2DiscreteScheduler",
  KDPM2A: "KDPM2AncestralDiscreteScheduler",
};
/** What one part of a vector's name sets. */
const PARTS: Record<string, Record<string, unknown>> = {
  trailing: { timestep_spacing: "trailing" },
  linspace: { timestep_spacing: "linspace" },
  leading: { timestep_spacing: "leading" },
  cosine: { beta_schedule: "squaredcos_cap_v2" },
  "scaled_linear": { beta_schedule: "scaled_linear" },
  "sample_pred": { prediction_type: "sample" },
  "sample_clip": { prediction_type: "sample" },
  "zsnr_v_trailing": {
    rescale_betas_zero_snr: true,
    prediction_type: "v_prediction",
    timestep_spacing: "trailing",
  },
  noclip: { clip_sample: false },
  thresh: { thresholding: true, clip_sample: false },
  "thresh_default_max1": { thresholding: true, clip_sample: false },
  "thresh_r0p87_max1p5": {
    thresholding: true,
    clip_sample: false,
    dynamic_thresholding_ratio: 0.87,
    sample_max_value: 1.5,
  },
  "clip_range_2": { clip_sample_range: 2 },
  "fixed_small": { variance_type: "fixed_small" },
  "fixed_large": { variance_type: "fixed_large" },
  sample: { prediction_type: "sample" },
  "v_prediction": { prediction_type: "v_prediction" },
  "with_v_prediction": { prediction_type: "v_prediction" },
  "device_karras_sigmas": { use_karras_sigmas: true },
  midpoint: { solver_type: "midpoint" },
  heun: { solver_type: "heun" },
  bh1: { solver_type: "bh1" },
  bh2: { solver_type: "bh2" },
  karras: { use_karras_sigmas: true },
  exponential: { use_exponential_sigmas: true },
  "final_zero_lof": { final_sigmas_type: "zero", lower_order_final: true },
};

/** Reads a vector's name as a loop. */
function loopOf(name: string): Loop {
  const [first, ...parts] = name.replace(/\(.*\)/, "")
    .replace(/^(negmodel|schedule_derived)\./, "")
    .replace(/eta(\d)\.(\d)/, "eta$1p$2").split(".");
  const className = CLASS[first!]!;
  let config: Record<string, unknown> = {
    ...schedulers[className]!.config,
    "_class_name": className,
  };
  const loop: Partial<Loop> = {};
  for (const part of parts) {
    const [, word, digits] = part.match(/^(eta|steps|order)(\dp\d|\d+)$/) ?? [];
    const value = Number(digits?.replace("p", "."));
    if (word === "eta") loop.eta = value;
    else if (word === "steps") loop.steps = value;
    else if (word === "order") config = { ...config, solver_order: value };
    else if (/^(sde-)?dpmsolver/.test(part)) {
      config = { ...config, algorithm_type: part };
    } else config = { ...config, ...PARTS[part] };
  }
  const sigma = ["Euler", "EulerA", "Heun", "LMS", "KDPM2", "KDPM2A"];
  return {
    steps: 10,
    ...loop,
    config,
    float32: false,
    perImage: config["thresholding"] === true,
    ...(name.startsWith("negmodel") && { model: negModel }),
    ...(name.startsWith("negmodel") &&
      { start: dummySample().map((value) => 2 * value - 1) }),
    ...(name.includes("start=3*deter-1") &&
      { start: dummySample().map((value) => 3 * value - 1) }),
    ...(name.includes("use_clipped_model_output") && { rederives: true }),
    unscaled: !sigma.includes(first!),
  };
}

const SKIPPED =
  /^(get_velocity|add_noise|quantile|rescale|threshold|diffusers_main)|^DDIM\.eta0\.steps10\.linspace$/;
for (const [name, { f64 }] of Object.entries(vectors)) {
  if (SKIPPED.test(name)) continue;
  Deno.test(`fromDiffusers() ${name} equals upstream in float64`, async () => {
    const x = await runLoop(loopOf(name));
    near(sumOf(x), f64.sum, 1e-9 * Math.max(f64.sum, 1e-3), "sum");
    f64.first4_nchw?.forEach((value, i) => {
      near(x[i]!, value, 1e-9 * Math.max(1, Math.abs(value)), `x[${i}]`);
    });
  });
}

/** DDIM as upstream does it today: the next level is a constant number of timesteps away, wherever the list leads. */
for (
  const name of [
    "DDIM.eta0.steps10.linspace",
    "diffusers_main.DDIM.steps7.linspace",
    "diffusers_main.DDIM.steps7.leading",
  ]
) {
  Deno.test(`ddim() over upstream's pairs of levels equals ${name}`, async () => {
    const count = Number(name.match(/steps(\d+)/)![1]);
    const spacing = name.split(".").at(-1)!;
    const config = {
      ...schedulers["DDIMScheduler"]!.config,
      "_class_name": "DDIMScheduler",
    };
    const plan = fromDiffusers({ ...config, timestep_spacing: spacing }, count);
    const all = fromDiffusers(config, 1000).levels.toReversed(); // index t + 1
    const denoiser = plan.denoiser<Float64Array>(dummyModel);
    let x: Float64Array = dummySample();
    for (const level of plan.levels.slice(0, -1)) {
      const next = all[Math.max(0, level.t - Math.floor(1000 / count) + 1)]!;
      if (next.t === level.t) continue;
      const levels: Level[] = [level, next];
      x = await sample<Float64Array>(denoiser, {
        ...plan,
        levels,
        size: SIZE,
        start: x,
      });
    }
    near(sumOf(x), vectors[name]!.f64.sum, 1e-9 * sumOf(x), "sum");
  });
}

Deno.test("threshold() equals _threshold_sample() of upstream", async () => {
  const x0 = dummySample().map((value) => 3 * value - 1);
  const denoiser = threshold<Float64Array>(() => x0, { ratio: 0.87, max: 1.5 });
  const call = { images: IMAGES, step: 0 };
  const level = { alpha: 1, sigma: 1, t: 0 };
  const answer = await denoiser(x0, level, call) as { x0: Float64Array };
  const { f64 } = vectors["threshold_sample(3*deter-1,ratio.87,max1.5)"]!;
  near(sumOf(answer.x0), f64.sum, 1e-9 * f64.sum, "sum");
});

for (const phi of [0, 0.7]) {
  Deno.test(`rescaledGuidance(${phi}) equals rescale_noise_cfg() of upstream`, async () => {
    const conditional = dummySample().map((value) => 2 * value - 1);
    const unconditional = dummyNoise().map((value) => 0.5 * value);
    const denoiser = guide<Float64Array>(
      () => conditional,
      () => unconditional,
      7.5,
      {
        combine: rescaledGuidance(phi),
      },
    );
    const call = { images: IMAGES, step: 0 };
    const level = { alpha: 1, sigma: 1, t: 0 };
    const answer = await denoiser(conditional, level, call) as {
      x0: Float64Array;
    };
    const key =
      `rescale_noise_cfg(cond=2*deter-1,uncond=.5*noise,scale7.5,phi=${
        phi.toFixed(1)
      })`;
    const { f64 } = vectors[key]!;
    near(sumOf(answer.x0), f64.sum, 1e-9 * f64.sum, "sum");
  });
}
