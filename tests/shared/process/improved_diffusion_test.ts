import assert from "node:assert/strict";
import {
  diffusionProcess,
  reverseDistribution,
} from "@emoji/diffusion/process";
import {
  alphaBarBetas,
  betaSchedule,
  cosineAlphaBar,
} from "@emoji/diffusion/schedules";
import { sectionTimesteps, strideTimesteps } from "@emoji/diffusion/steps";
import { boundTerms, priorTerms } from "@emoji/diffusion/likelihood";
import {
  klLoss,
  mseLoss,
  rescaledKlLoss,
  rescaledMseLoss,
  trainingLosses,
  type TrainingLossParts,
} from "@emoji/diffusion/losses";
import {
  goldens,
  images,
  indices,
  meanAbs,
  means,
  network,
  noise,
  noisy,
  parameterizations,
  processes,
  raw,
  variances,
  x0,
} from "./improved_diffusion.ts";

type Named<T> = (typeof goldens)[string] & T;

function near(actual: number, expected: number, what: string): void {
  assert.ok(
    Math.abs(actual - expected) <= 1e-9 * Math.abs(expected) + 1e-15,
    `${what}: ${actual}, ${expected}`,
  );
}

function nearAll(
  actual: ArrayLike<number>,
  expected: readonly number[],
  what: string,
): void {
  assert.equal(actual.length, expected.length, what);
  expected.forEach((value, i) => near(actual[i]!, value, `${what} ${i}`));
}

/** Golden entries whose name begins with a process and a kind, split at the dots. */
function* named<T>(
  kind: string,
): Generator<
  [process: keyof typeof processes, words: string[], expected: T, name: string]
> {
  let count = 0;
  for (const [name, expected] of Object.entries(goldens)) {
    const [process, second, ...words] = name.split(".") as [
      keyof typeof processes,
      string,
      ...string[],
    ];
    if (second !== kind) continue;
    count++;
    yield [process, words, expected as Named<T>, name];
  }
  assert.ok(count > 0, `no goldens for ${kind}`);
}

function parsed([mean, variance]: string[]) {
  return {
    parameterization: parameterizations[mean as keyof typeof parameterizations],
    variance: variances[variance as keyof typeof variances],
  };
}

Deno.test("the golden inputs are what upstream had", () => {
  const { check } = goldens["inputs"] as { check: Record<string, number> };
  const sum = (x: Float64Array) => x.reduce((a, b) => a + b, 0);
  assert.ok(Math.abs(sum(x0) - check["x0_sum"]!) < 1e-12);
  near(sum(noise), check["noise_sum"]!, "noise");
  near(sum(raw), check["v_sum"]!, "v");
});

Deno.test("diffusionProcess() has the tables of improved-diffusion", () => {
  const names = {
    betas: "betas",
    "alphas_cumprod": "alphaBars",
    "alphas_cumprod_prev": "previousAlphaBars",
    "alphas_cumprod_next": "nextAlphaBars",
    "sqrt_alphas_cumprod": "sqrtAlphaBars",
    "sqrt_one_minus_alphas_cumprod": "sqrtOneMinusAlphaBars",
    "sqrt_recip_alphas_cumprod": "sqrtRecipAlphaBars",
    "sqrt_recipm1_alphas_cumprod": "sqrtRecipMinusOneAlphaBars",
    "posterior_variance": "posteriorVariances",
    "posterior_log_variance_clipped": "posteriorLogVariances",
    "posterior_mean_coef1": "posteriorMeanX0",
    "posterior_mean_coef2": "posteriorMeanX",
  } as const;
  for (const length of [1000, 4000]) {
    const process = diffusionProcess(
      betaSchedule(alphaBarBetas(length, cosineAlphaBar())),
    );
    const tables = goldens[`tables.cosine.T${length}`] as Record<
      keyof typeof names,
      Record<string, number>
    >;
    assert.deepEqual(Object.keys(tables).sort(), Object.keys(names).sort());
    for (
      const [upstream, ours] of Object.entries(names) as [
        keyof typeof names,
        (typeof names)[keyof typeof names],
      ][]
    ) {
      for (const [i, expected] of Object.entries(tables[upstream])) {
        near(process[ours][Number(i)]!, expected, `${upstream} ${i}`);
      }
    }
  }
});

Deno.test("diffusionProcess() makes the spaced processes of improved-diffusion", () => {
  type Spaced = {
    "timestep_map": (number | string)[];
    n: number;
    "betas_first": number[];
    "betas_last": number[];
  };
  for (const [name, [spec = ""], expected] of named<Spaced>("spaced")) {
    const timesteps = spec.startsWith("ddim")
      ? strideTimesteps(1000, Number(spec.slice(4)))
      : sectionTimesteps(1000, [Number(spec)]);
    const { betas, length, levels } = diffusionProcess(
      processes[name],
      timesteps,
    );
    assert.equal(length, expected.n);
    const map = levels.map((level) => level.t);
    assert.deepEqual(
      [...map.slice(0, 6), "...", ...map.slice(-3)],
      expected.timestep_map,
    );
    nearAll(betas.subarray(0, 3), expected.betas_first, `${name} ${spec}`);
    nearAll(betas.subarray(-3), expected.betas_last, `${name} ${spec}`);
  }
});

Deno.test("reverseDistribution() equals p_mean_variance of improved-diffusion for every mean and variance type", () => {
  type Moments = Record<
    "mean_abs" | "variance_mean" | "log_variance_mean" | "pred_xstart_abs",
    number[]
  >;
  for (
    const [name, words, expected, key] of named<Moments>("p_mean_variance")
  ) {
    const process = processes[name];
    const x = noisy(process);
    const model = parsed(words);
    const reverse = reverseDistribution(process, {
      x,
      indices,
      output: network(x, indices),
      raw,
    }, { ...model, clip: words[2] === "clipTrue" });
    nearAll(meanAbs(reverse.mean), expected.mean_abs, key);
    nearAll(meanAbs(reverse.x0), expected.pred_xstart_abs, key);
    nearAll(means(reverse.logVariance), expected.log_variance_mean, key);
    // Upstream reports the variance 0 of FIXED_SMALL at t = 0 beside a finite log variance.
    const variance = words[1] === "FIXED_SMALL"
      ? indices.map((t) => process.posteriorVariances[t]!)
      : meanAbs(reverse.logVariance.map(Math.exp));
    nearAll(variance, expected.variance_mean, key);
  }
});

Deno.test("boundTerms() equals _vb_terms_bpd of improved-diffusion for every mean and variance type", () => {
  for (const [name, words, expected, key] of named<number[]>("vb_terms_bpd")) {
    const process = processes[name];
    const x = noisy(process);
    const reverse = reverseDistribution(process, {
      x,
      indices,
      output: network(x, indices),
      raw,
    }, { ...parsed(words), clip: words[2] === "clipTrue" });
    nearAll(boundTerms(process, { x0, x, indices }, reverse), expected, key);
  }
});

Deno.test("priorTerms() equals _prior_bpd of improved-diffusion", () => {
  for (const [name, , expected, key] of named<number[]>("prior_bpd")) {
    const actual = priorTerms(processes[name], x0, images);
    // 1 - alphaBar is rounded before its logarithm upstream, which shows in terms of 6e-10 bits.
    expected.forEach((value, k) =>
      assert.ok(
        Math.abs(actual[k]! - value) <= 1e-9 * value + 1e-16,
        `${key} ${actual[k]} ${value}`,
      )
    );
  }
});

Deno.test("trainingLosses() equals training_losses of improved-diffusion for every loss, mean and variance type", () => {
  const losses = {
    MSE: mseLoss,
    RESCALED_MSE: rescaledMseLoss,
    KL: klLoss,
    RESCALED_KL: rescaledKlLoss,
  };
  for (
    const [name, words, expected, key] of named<
      Record<"loss" | "mse" | "vb", number[] | undefined>
    >("training_losses")
  ) {
    const process = processes[name];
    const x = noisy(process);
    const loss = losses[words[2] as keyof typeof losses];
    const actual = trainingLosses(process, {
      x0,
      x,
      indices,
      output: network(x, indices),
      raw,
    }, { ...parsed(words), loss });
    const part = (name: keyof TrainingLossParts) =>
      actual.map((parts) => parts[name] ?? NaN);
    nearAll(part("loss"), expected.loss!, key);
    if (expected.mse) nearAll(part("mse"), expected.mse, key);
    if (expected.vb) {
      nearAll(part("bound"), expected.vb, key);
    }
  }
});
