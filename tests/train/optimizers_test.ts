import assert from "node:assert/strict";
import {
  adam,
  type AdamwStep,
  moveStatistics,
  radam,
} from "../../train/optimizer.ts";

const OPTIONS: Omit<AdamwStep, "step"> = {
  learningRate: 0.01,
  beta1: 0.9,
  beta2: 0.99,
  epsilon: 1e-8,
  weightDecay: 0.1,
  gradientScale: 1,
};

function vectors(weights: number[], decayMask = weights.map(() => 1)) {
  return {
    weights: Float32Array.from(weights),
    moment1: new Float32Array(weights.length),
    moment2: new Float32Array(weights.length),
    decayMask: Uint8Array.from(decayMask),
  };
}

Deno.test("adam() adds the decay to the gradient, whatever its scale", () => {
  // The first step is lr·sign(g + wd·w).
  const state = vectors([1, 1, 1], [1, 1, 0]);
  const gradient = Float32Array.of(-0.04, -0.4, 0.02);
  adam(state, gradient, { from: 0, to: 3 }, {
    ...OPTIONS,
    step: 1,
    gradientScale: 0.5,
  });
  [0.99, 1.01, 0.99].forEach((expected, i) =>
    assert.ok(Math.abs(state.weights[i]! - expected) < 1e-5, `${i}`)
  );
});

Deno.test("radam() follows the formulas of its paper", () => {
  const state = vectors([1]);
  let [theta, m, v] = [1, 0, 0];
  const { learningRate, beta1, beta2, epsilon, weightDecay } = OPTIONS;
  const longest = 2 / (1 - beta2) - 1;
  for (let t = 1; t <= 40; t++) {
    const g = Math.sin(t) + 0.3;
    radam(state, Float32Array.of(g), { from: 0, to: 1 }, {
      ...OPTIONS,
      step: t,
    });
    m = beta1 * m + (1 - beta1) * g;
    v = beta2 * v + (1 - beta2) * g * g;
    const mHat = m / (1 - beta1 ** t);
    const rho = longest - 2 * t * beta2 ** t / (1 - beta2 ** t);
    theta -= learningRate * weightDecay * theta;
    if (rho > 5) {
      const r = Math.sqrt(
        (rho - 4) * (rho - 2) * longest / ((longest - 4) * (longest - 2) * rho),
      );
      const vHat = Math.sqrt(v / (1 - beta2 ** t));
      theta -= learningRate * r * mHat / (vHat + epsilon);
    } else {
      theta -= learningRate * mHat;
    }
    assert.ok(Math.abs(state.weights[0]! - theta) < 1e-5, `step ${t}`);
  }
});

Deno.test("optimisers leave running statistics to moveStatistics()", () => {
  const state = vectors([1, 2], [2, 0]);
  const gradient = Float32Array.of(0.5, 0.5);
  const range = { from: 0, to: 2 };
  radam(state, gradient, range, { ...OPTIONS, step: 1 });
  adam(state, gradient, range, { ...OPTIONS, step: 1 });
  assert.equal(state.weights[0], 1);
  assert.notEqual(state.weights[1], 2);
  const before = state.weights[1];
  moveStatistics(state, gradient, range, 0.1);
  assert.ok(Math.abs(state.weights[0]! - 0.95) < 1e-7);
  assert.equal(state.weights[1], before);
});
