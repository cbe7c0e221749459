import assert from "node:assert/strict";
import {
  edmWeight,
  minSnrWeight,
  sigmoidWeight,
  snrWeight,
  softMinSnrWeight,
  weightOfPrediction,
} from "@emoji/diffusion/losses";
import { edmParameterization, PREDICTIONS } from "@emoji/diffusion/process";
import { logSnrLevel } from "@emoji/diffusion/schedules";
import { snr, veLevel, vpLevel } from "../../../shared/level.ts";

const near = (actual: number, expected: number) =>
  assert.ok(
    Math.abs(actual - expected) <= 1e-12 * Math.abs(expected),
    `${actual}, ${expected}`,
  );

Deno.test("edmWeight() is 1 / c_out², so that F has weight 1", () => {
  for (const sigma of [0.002, 0.5, 80]) {
    const level = veLevel(sigma);
    near(
      weightOfPrediction(
        edmWeight(sigma, 0.5),
        edmParameterization(0.5)(level, level)[1],
      ),
      1,
    );
  }
});

Deno.test("softMinSnrWeight() and snrWeight() are k-diffusion's, and smooth forms of min(SNR, 1) and SNR on the image", () => {
  // (s * sd)**2 / (s**2 + sd**2)**2 and sd**2 / (s**2 + sd**2) for s = 2, sd = 0.5
  near(softMinSnrWeight(2, 0.5), 1 / 18.0625);
  near(snrWeight(2, 0.5), 0.25 / 4.25);
  for (const sigma of [0.01, 1, 50]) {
    near(
      softMinSnrWeight(sigma, 0.7) * edmWeight(sigma, 0.7),
      1 / (sigma ** 2 + 0.49),
    );
    near(snrWeight(sigma, 0.7) * edmWeight(sigma, 0.7), sigma ** -2);
  }
});

Deno.test("minSnrWeight() amounts to the known weights of noise and v", () => {
  for (const alphaBar of [0.01, 0.5, 0.8, 0.999]) {
    const level = vpLevel(alphaBar, 0);
    const ratio = snr(level);
    const weight = minSnrWeight(level);
    near(weight, Math.min(ratio, 5));
    near(
      weightOfPrediction(weight, PREDICTIONS.epsilon(level)[1]),
      Math.min(ratio, 5) / ratio,
    );
    near(
      weightOfPrediction(weight, PREDICTIONS.v(level)[1]),
      Math.min(ratio, 5) / (ratio + 1),
    );
  }
});

Deno.test("sigmoidWeight() is one half at its bias and falls with the signal", () => {
  near(sigmoidWeight(logSnrLevel(2, 0)), 0.5);
  near(sigmoidWeight(logSnrLevel(-1, 0), 0), 1 / (1 + Math.exp(-1)));
  assert.equal(sigmoidWeight(vpLevel(0, 0)), 1);
  assert.equal(sigmoidWeight(vpLevel(1, 0)), 0);
});
