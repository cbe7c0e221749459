/**
 * The teacher's part of distillation, in TensorFlow.js: what the student should answer.
 *
 * @module
 */

import * as tf from "@tensorflow/tfjs";
import type { TensorNetwork } from "../loss.ts";
import type { DistillationConfig } from "./distillation.ts";
import type { Lesson } from "./jumps.ts";

/** A network with weights. */
export interface TrainedNetwork {
  /** The network. */
  network: TensorNetwork;
  /** Its weights. */
  flat: tf.Tensor1D;
}

/** A trained network that shows another one what to do. */
export interface Teacher extends TrainedNetwork {
  /** A worse version of it, for autoguidance. */
  weak?: TrainedNetwork | undefined;
}

/**
 * What the student should answer so that its one step leads where the teacher's smaller ones do.
 *
 * @param x Noisy pictures, scaled for a network: `[n, h, w, c]`.
 * @param scales How far the teacher is guided.
 */
export function teach(
  { weak, ...teacher }: Teacher,
  x: tf.Tensor4D,
  { steps, keep, condition }: Lesson,
  { guidance, autoguidance = 1 }: Pick<
    DistillationConfig,
    "guidance" | "autoguidance"
  >,
): tf.Tensor4D {
  const count = x.shape[0];
  const each = (values: Float32Array) => tf.tensor4d(values, [count, 1, 1, 1]);
  const [asked, nothing] = tf.split(
    tf.tensor2d(condition, [2 * count, condition.length / (2 * count)]),
    2,
  ) as [tf.Tensor2D, tf.Tensor2D];

  /** The guided clean estimate, in the range of pictures. */
  function estimate(at: tf.Tensor, k: number): tf.Tensor {
    const { scale, told, skip, out } = steps[k]!;
    const input = tf.mul(at, each(scale)) as tf.Tensor4D;
    const level = tf.tensor2d(told, [count, 1]);
    const answer = (of: TrainedNetwork, condition: tf.Tensor2D) =>
      of.network.predict(of.flat, input, level, condition);
    const plain: tf.Tensor = answer(teacher, asked);
    const ways: tf.Tensor[] = [];
    const leadAway = (from: tf.Tensor, scale: number) =>
      ways.push(centred(tf.mul(scale - 1, tf.sub(plain, from))));
    if (guidance !== 1) leadAway(answer(teacher, nothing), guidance);
    if (weak && autoguidance !== 1) leadAway(answer(weak, asked), autoguidance);
    const guided = tf.addN([plain, ...ways]);
    const x0 = tf.add(tf.mul(at, each(skip)), tf.mul(guided, each(out)));
    return tf.clipByValue(x0, -1, 1);
  }

  const { scale, skip, out } = steps[0]!;
  const start = tf.div(x, each(scale));
  let at = start;
  let last: tf.Tensor | undefined;
  steps.forEach(({ keep, lean }, k) => {
    const [moved, x0] = tf.tidy(() => {
      const x0 = estimate(at, k);
      const ahead = last === undefined
        ? x0
        : tf.add(x0, tf.mul(each(lean), tf.sub(x0, last)));
      // x′ = x̂0 + (σ′/σ)·(x − x̂0)
      return [tf.add(ahead, tf.mul(each(keep), tf.sub(at, ahead))), x0];
    }) as [tf.Tensor, tf.Tensor];
    at = moved;
    last = x0;
  });
  // The clean estimate from which a straight step leads to the same place.
  const share = each(keep.map((kept) => 1 - kept));
  const wanted = tf.div(tf.sub(at, tf.mul(each(keep), start)), share);
  const skipped = tf.mul(each(skip), start);
  return tf.div(tf.sub(wanted, skipped), each(out)) as tf.Tensor4D;
}

/** `centredGuidance()`: less the mean of each channel, which makes colours stronger than real ones. */
function centred(x: tf.Tensor): tf.Tensor {
  return tf.sub(x, tf.mean(x, [1, 2], true));
}
