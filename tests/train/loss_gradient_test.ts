import assert from "node:assert/strict";
import * as tf from "../../train/tfjs/mod.ts";
import { lossGradient } from "../../train/loss_gradient.ts";
import { LABELS } from "../../train/matching/discriminate.ts";
import { tiny } from "../../train/presets/tiny.ts";
import type { TensorNetwork } from "../../train/tensor_network.ts";

await tf.setBackend("cpu");
await tf.ready();

const shape: [number, number, number, number] = [2, 1, 1, 4];

/** Answers its weights: one number for each of a picture's channels, and one for each of as many further ones. */
const answering = (channels: number): TensorNetwork => ({
  predict: (flat, x) =>
    tf.add(
      tf.zeros([x.shape[0], 1, 1, 1]),
      tf.reshape(
        tf.tile(tf.reshape(flat, [-1, 1]), [1, 4]),
        [1, 1, 1, 4 * channels],
      ),
    ) as tf.Tensor4D,
});

Deno.test("lossGradient() has a critic see drawn pictures alone, and tell them from real ones", () => {
  const others = (n: number) => ({
    level: tf.zeros([n, 1]) as tf.Tensor2D,
    condition: tf.zeros([n, 1]) as tf.Tensor2D,
  });
  const [weight, seen, logit] = [0.5, 0.2, 0.7];
  const drawn = 0.6;
  const real = -0.9;
  const { loss, gradient } = lossGradient(
    answering(1),
    tiny,
    (f) => (...inputs) => tf.tidy(() => f(...inputs)),
    { network: answering(2), size: 2 },
  )(
    tf.tensor1d([weight, seen, logit]),
    {
      ...others(2),
      x: tf.zeros(shape),
      target: tf.ones(shape),
      critic: {
        ...others(2),
        x: tf.zeros(shape),
        target: tf.tensor4d(
          [drawn, LABELS.drawn, real, LABELS.real].flatMap((value) =>
            Array(4).fill(value)
          ),
          [2, 1, 1, 8],
        ),
      },
    },
    { count: 2, first: 0 } as never,
  );
  const softplus = (x: number) => Math.log1p(Math.exp(x));
  const telling = (softplus(logit) + softplus(-logit)) / 2;
  const expected = (weight - 1) ** 2 + (seen - drawn) ** 2 + 0.1 * telling;
  assert(Math.abs(loss.dataSync()[0]! - expected) < 1e-6);
  const chance = 1 / (1 + Math.exp(-logit));
  const slopes = [
    2 * (weight - 1),
    2 * (seen - drawn),
    0.1 * (chance - (1 - chance)) / 2,
  ];
  gradient.dataSync().forEach((value, i) =>
    assert(Math.abs(value - slopes[i]!) < 1e-6, `${i}: ${value}`)
  );
});
