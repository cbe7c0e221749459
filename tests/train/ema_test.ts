import assert from "node:assert/strict";
import { averageDecay, powerExponent, updateAverage } from "../../train/ema.ts";

Deno.test("powerExponent() solves equation 6 of Karras et al. (2024)", () => {
  for (const sigmaRel of [0.05, 0.1, 0.15, 0.25]) {
    const gamma = powerExponent(sigmaRel);
    const back = Math.sqrt(gamma + 1) / ((gamma + 2) * Math.sqrt(gamma + 3));
    assert(Math.abs(back - sigmaRel) < 1e-12, `${sigmaRel} gives ${back}`);
  }
  // The paper's own pair: σ_rel = 0.10 is γ ≈ 6.94.
  assert(Math.abs(powerExponent(0.1) - 6.94) < 0.01);
});

Deno.test("updateAverage() weighs weights by a power of time", () => {
  // Weights that equal the step: the average of t under t^γ is T·(γ+1)/(γ+2).
  const average = new Float32Array(1);
  const steps = 2000;
  for (let t = 1; t <= steps; t++) {
    const weights = Float32Array.of(t);
    updateAverage(average, weights, { from: 0, to: 1 }, averageDecay(0.1, t));
  }
  const gamma = powerExponent(0.1);
  const expected = steps * (gamma + 1) / (gamma + 2);
  assert(Math.abs(average[0]! / expected - 1) < 2e-3);
});

Deno.test("powerExponent() throws outside its range", () => {
  for (const sigmaRel of [0, -1, 0.3, NaN]) {
    assert.throws(() => powerExponent(sigmaRel), RangeError);
  }
});

Deno.test("averageDecay() of a fixed rate is that rate at every step", () => {
  const average = Float32Array.of(1);
  for (let t = 1; t <= 50; t++) {
    updateAverage(
      average,
      Float32Array.of(0),
      { from: 0, to: 1 },
      averageDecay(0.9, t),
    );
  }
  assert(Math.abs(average[0]! / 0.9 ** 50 - 1) < 1e-4);
});
