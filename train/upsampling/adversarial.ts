import * as tf from "@tensorflow/tfjs";
import type { Examples } from "../distillation/match.ts";
import type { TensorNetwork } from "../loss.ts";
import { stopGradient } from "../stop_gradient.ts";

/**
 * What an upsampler and its critic learn from each other (Goodfellow et al. 2014, the non-saturating loss; conditional on
 * the input as in Isola et al. 2017): the critic to tell right answers from given ones, the upsampler to give answers
 * that it takes for right.
 *
 * @param critic The critic's network, with its weights.
 * @param examples What the upsampler was given and should have answered.
 * @param answer What it answered.
 * @param weight Weight of the upsampler's part.
 */
export function adversarialLoss(
  critic: { network: TensorNetwork; flat: tf.Tensor1D },
  { x, level, condition, target }: Examples,
  answer: tf.Tensor4D,
  weight: number,
): tf.Scalar {
  /** −ln of the chance that an answer is right. */
  function surprise(flat: tf.Tensor1D, answer: tf.Tensor, sign: 1 | -1) {
    const shown = tf.concat([x, answer], 3) as tf.Tensor4D;
    const logits = critic.network.predict(flat, shown, level, condition);
    return tf.mean(tf.softplus(tf.mul(-sign, logits)));
  }
  const { flat } = critic;
  return tf.addN([
    tf.mul(weight, surprise(stopGradient(flat), answer, 1)),
    surprise(flat, target, 1),
    surprise(flat, stopGradient(answer), -1),
  ]) as tf.Scalar;
}
