import assert from "node:assert/strict";
import * as tf from "npm:@tensorflow/tfjs@4.22.0";
import type { TensorNetwork } from "../../../train/loss.ts";
import { adversarialLoss } from "../../../train/upsampling/adversarial.ts";

await tf.setBackend("cpu");
await tf.ready();

const WEIGHT = 0.3;
/** A critic of two weights: a·answer + b·input of each pixel. */
const network: TensorNetwork = {
  predict(flat, shown) {
    const [x, answer] = tf.split(shown, 2, 3) as [tf.Tensor, tf.Tensor];
    const [a, b] = tf.split(flat, 2);
    return tf.add(tf.mul(a!, answer), tf.mul(b!, x)) as tf.Tensor4D;
  },
};
const shape: [number, number, number, number] = [1, 1, 3, 1];
const x = [0.5, -1, 2];
const right = [1, 0.2, -0.7];
const answered = [0.1, 0.4, -0.2];
const [a, b] = [0.8, -0.6];
const examples = {
  x: tf.tensor4d(x, shape),
  level: tf.zeros([1, 1]) as tf.Tensor2D,
  condition: tf.zeros([1, 1]) as tf.Tensor2D,
  target: tf.tensor4d(right, shape),
};
const flat = tf.tensor1d([a, b]);

const chance = (logit: number) => 1 / (1 + Math.exp(-logit));
const logit = (answer: number, i: number) => a * answer + b * x[i]!;

Deno.test("adversarialLoss() is what critic and upsampler are surprised by", () => {
  const answer = tf.tensor4d(answered, shape);
  const [loss] = adversarialLoss({ network, flat }, examples, answer, WEIGHT)
    .dataSync();
  const mean = (of: (i: number) => number) =>
    x.reduce((sum, _, i) => sum + of(i) / x.length, 0);
  const expected = mean((i) => {
    const drawn = chance(logit(answered[i]!, i));
    const real = chance(logit(right[i]!, i));
    return -WEIGHT * Math.log(drawn) - Math.log(real) - Math.log(1 - drawn);
  });
  assert(Math.abs(loss! - expected) < 1e-6);
});

Deno.test("adversarialLoss() moves the upsampler by its part alone, and the critic by the other two", () => {
  const [byFlat, byAnswer] = tf.grads((flat, answer) =>
    adversarialLoss(
      { network, flat: flat as tf.Tensor1D },
      examples,
      answer as tf.Tensor4D,
      WEIGHT,
    )
  )([flat, tf.tensor4d(answered, shape)]);
  byAnswer!.dataSync().forEach((value, i) => {
    const expected = -WEIGHT * a * (1 - chance(logit(answered[i]!, i))) / 3;
    assert(Math.abs(value - expected) < 1e-6, `${value} ${expected}`);
  });
  const sum = (of: (i: number) => number) =>
    x.reduce((sum, _, i) => sum + of(i) / 3, 0);
  const expected = [
    sum((i) =>
      chance(logit(answered[i]!, i)) * answered[i]! -
      (1 - chance(logit(right[i]!, i))) * right[i]!
    ),
    sum((i) =>
      (chance(logit(answered[i]!, i)) - 1 + chance(logit(right[i]!, i))) *
      x[i]!
    ),
  ];
  byFlat!.dataSync().forEach((value, i) =>
    assert(Math.abs(value - expected[i]!) < 1e-6)
  );
});
