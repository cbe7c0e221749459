import assert from "node:assert/strict";
import * as tf from "../../../train/tfjs/mod.ts";
import { distilled } from "../../../train/distillation/distillation.ts";
import {
  adversarialShare,
  discriminationLoss,
  LABELS,
  realnessSlope,
  withoutLogits,
} from "../../../train/matching/discriminate.ts";
import { tiny } from "../../../train/presets/tiny.ts";
import type { TensorNetwork } from "../../../train/tensor_network.ts";

await tf.setBackend("cpu");
await tf.ready();

/** Sees half of each value, and takes large values for real. */
const critic: TensorNetwork = {
  predict: (_, x) =>
    tf.concat([tf.mul(x, 0.5), tf.mul(3, tf.sin(x))], 3) as tf.Tensor4D,
};
const flat = tf.tensor1d([]);
const level = tf.zeros([2, 1]) as tf.Tensor2D;
const values = Array.from({ length: 2 * 3 * 3 * 4 }, (_, i) => Math.sin(2 * i));
const pictures = (values: number[]) => tf.tensor4d(values, [2, 3, 3, 4]);

Deno.test("discriminationLoss() is ln 2 for a critic that knows nothing, and the softplus of how wrong it is", () => {
  const loss = (logits: number[], labels: number[]) =>
    discriminationLoss(tf.tensor1d(logits), tf.tensor1d(labels)).dataSync()[0]!;
  const { real, drawn } = LABELS;
  assert(Math.abs(loss([0, 0], [real, drawn]) - Math.LN2) < 1e-6);
  const right = Math.log1p(Math.exp(-2));
  const wrong = Math.log1p(Math.exp(3));
  const both = loss([2, 3], [real, drawn]);
  assert(Math.abs(both - (right + wrong) / 2) < 1e-6);
});

Deno.test("realnessSlope() is the finite difference of the sum of −softplus(−logit), picture by picture", () => {
  const slope = realnessSlope(critic)(flat, pictures(values), level, level);
  const numbers = slope.dataSync();
  const realness = (values: number[]) =>
    values.reduce(
      (sum, value) => sum - Math.log1p(Math.exp(-3 * Math.sin(value))),
      0,
    );
  const h = 1e-5;
  values.forEach((value, i) => {
    const up = realness(values.with(i, value + h));
    const down = realness(values.with(i, value - h));
    assert(Math.abs(numbers[i]! - (up - down) / (2 * h)) < 1e-4);
  });
});

Deno.test("withoutLogits() leaves what a critic sees in pictures", () => {
  const seen = withoutLogits(critic).predict(
    flat,
    pictures(values),
    level,
    level,
  );
  assert.deepEqual(seen.shape, [2, 3, 3, 4]);
  seen.dataSync().forEach((value, i) =>
    assert(Math.abs(value - values[i]! / 2) < 1e-6)
  );
});

Deno.test("adversarialShare() is 0 for runs without a critic that tells", () => {
  assert.equal(adversarialShare(tiny), 0);
  const share = (adversarial?: number) =>
    adversarialShare(distilled(tiny, {
      guidance: 1,
      matching: {
        guidance: 1,
        ...(adversarial !== undefined && { adversarial }),
      },
    }));
  assert.equal(share(), 0);
  assert.equal(share(0.25), 0.25);
});
