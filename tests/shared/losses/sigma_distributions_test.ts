import assert from "node:assert/strict";
import {
  cosineInterpolatedSigma,
  logLogisticSigma,
  logNormalSigma,
  logUniformSigma,
  type SigmaDistribution,
  splitLogNormalSigma,
  vDiffusionSigma,
} from "@emoji/diffusion/losses";
import { philoxNoise } from "@emoji/diffusion/random";

const distributions: Record<string, SigmaDistribution> = {
  logNormal: logNormalSigma(),
  split: splitLogNormalSigma({ mode: 0, below: 0.5, above: 2 }),
  logLogistic: logLogisticSigma({
    median: 0.5,
    scale: 0.4,
    min: 0.01,
    max: 50,
  }),
  logUniform: logUniformSigma(0.01, 100),
  vDiffusion: vDiffusionSigma({ sigmaData: 0.5, min: 0.001, max: 100 }),
  cosine: cosineInterpolatedSigma({
    imageSize: 128,
    noisySize: 64,
    cleanSize: 32,
    sigmaData: 0.5,
  }),
};

const near = (actual: number, expected: number) =>
  assert.ok(
    Math.abs(actual - expected) <= 1e-9 * Math.abs(expected),
    `${actual}, ${expected}`,
  );

Deno.test("logNormalSigma() draws ln sigma with the mean and deviation asked for", () => {
  const sigma = logNormalSigma({ mean: -0.6, std: 1.1 });
  const uniform = new Float64Array(100_000);
  philoxNoise(1).uniform(uniform);
  const logs = uniform.map((u) => Math.log(sigma(u)));
  const mean = logs.reduce((a, b) => a + b) / logs.length;
  const square = logs.reduce((a, b) => a + b * b, 0) / logs.length;
  assert.ok(Math.abs(mean + 0.6) < 0.02);
  assert.ok(Math.abs(Math.sqrt(square - mean ** 2) - 1.1) < 0.02);
  assert.equal(logNormalSigma()(0.5), Math.exp(-1.2));
});

Deno.test("sigma distributions rise with the uniform number and stay positive", () => {
  for (const [name, sigma] of Object.entries(distributions)) {
    for (let i = 1; i < 1000; i++) {
      assert.ok(
        sigma(i / 1000) > sigma((i - 0.5) / 1000) &&
          sigma((i - 0.5) / 1000) > 0,
        name,
      );
    }
  }
});

Deno.test("bounded sigma distributions reach their bounds", () => {
  near(distributions.logLogistic!(1e-15), 0.01);
  near(distributions.logLogistic!(1 - 1e-16), 50);
  near(distributions.logUniform!(0), 0.01);
  near(distributions.logUniform!(1), 100);
  near(distributions.vDiffusion!(0), 0.001);
  near(distributions.vDiffusion!(1), 100);
  near(distributions.cosine!(0), 0.001);
  near(distributions.cosine!(1), 1000);
});

Deno.test("sigma distributions equal k-diffusion's for the same uniform number", () => {
  // The formulas of k_diffusion/utils.py in Python, with 0.3 for the uniform number: rand_log_logistic(loc=0.5,
  // scale=0.4, min_value=0.01, max_value=50), rand_v_diffusion(0.5, 0.001, 100). rand_cosine_interpolated(image_d=128,
  // noise_d_low=64, noise_d_high=32, sigma_data=0.5) counts its time from noise to image, so it has 0.7.
  near(distributions.logLogistic!(0.3), 1.174651922228833);
  near(distributions.vDiffusion!(0.3), 0.25469975384285115);
  near(distributions.cosine!(0.3), 0.8276138631349808);
});

Deno.test("splitLogNormalSigma() has its mode where the two halves meet", () => {
  near(distributions.split!(0.2), 1); // below / (below + above)
  near(Math.log(distributions.split!(0.1)), 0.5 * -0.6744897501960817); // quartile of the normal distribution
  near(Math.log(distributions.split!(0.6)), 2 * 0.6744897501960817);
});

Deno.test("logNormalSigma() refuses what is out of range", () => {
  assert.throws(() => logNormalSigma({ std: -1 }), RangeError);
  assert.throws(() => logNormalSigma({ mean: NaN }), RangeError);
});
