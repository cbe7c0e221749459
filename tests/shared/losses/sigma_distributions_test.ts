import assert from "node:assert/strict";
import { logNormalSigma } from "@emoji/diffusion/losses";
import { philoxNoise } from "@emoji/diffusion/random";

Deno.test("logNormalSigma() draws ln sigma with the mean and deviation asked for", () => {
  const sigma = logNormalSigma({ mean: -0.6, std: 1.1 });
  const uniform = new Float64Array(100_000);
  philoxNoise(1).uniform(uniform);
  let [sum, squares] = [0, 0];
  for (const u of uniform) {
    const log = Math.log(sigma(u));
    sum += log;
    squares += log * log;
  }
  const mean = sum / uniform.length;
  assert.ok(Math.abs(mean + 0.6) < 0.02);
  assert.ok(
    Math.abs(Math.sqrt(squares / uniform.length - mean ** 2) - 1.1) < 0.02,
  );
});

Deno.test("logNormalSigma() has exp(mean) as median", () => {
  assert.equal(logNormalSigma()(0.5), Math.exp(-1.2));
});

Deno.test("logNormalSigma() refuses what is out of range", () => {
  assert.throws(() => logNormalSigma({ std: -1 }), RangeError);
  assert.throws(() => logNormalSigma({ mean: NaN }), RangeError);
});
