import assert from "node:assert/strict";
import { adamw } from "../../train/optimizer.ts";

// torch 2.15: p = tensor([1., -2.]); opt = AdamW([p], lr=.1, betas=(.9, .99), eps=1e-8, weight_decay=.1);
// gradients 2p for three steps; p after each.
const TORCH = [[0.89, -1.88], [0.7815457, -1.761395], [0.6750032, -1.644317]];

Deno.test("adamw() takes the steps of torch's AdamW", () => {
  const weights = Float32Array.of(1, -2);
  const vectors = {
    weights,
    moment1: new Float32Array(2),
    moment2: new Float32Array(2),
    decayMask: Uint8Array.of(1, 1),
  };
  TORCH.forEach((expected, i) => {
    const gradient = weights.map((w) => 2 * w);
    adamw(vectors, gradient, { from: 0, to: 2 }, {
      step: i + 1,
      learningRate: 0.1,
      beta1: 0.9,
      beta2: 0.99,
      epsilon: 1e-8,
      weightDecay: 0.1,
      gradientScale: 1,
    });
    expected.forEach((value, k) =>
      assert(
        Math.abs(weights[k]! - value) < 1e-5,
        `${weights[k]} is not ${value}`,
      )
    );
  });
});

Deno.test("adamw() leaves what is outside its range, and does not decay what is masked", () => {
  const weights = Float32Array.of(1, 1, 1);
  adamw(
    {
      weights,
      moment1: new Float32Array(3),
      moment2: new Float32Array(3),
      decayMask: Uint8Array.of(1, 0, 1),
    },
    new Float32Array(3),
    { from: 0, to: 2 },
    {
      step: 1,
      learningRate: 0.5,
      beta1: 0.9,
      beta2: 0.99,
      epsilon: 1e-8,
      weightDecay: 0.5,
      gradientScale: 1,
    },
  );
  assert.deepEqual([...weights], [0.75, 1, 1]);
});
