/**
 * Telling real pictures from drawn ones (Goodfellow et al. 2014), as the critic of distribution matching learns to beside
 * what it sees in noisy pictures (DMD2; Yin et al. 2024, §4.3). Both are shown with noise (Wang et al. 2023,
 * "Diffusion-GAN"), and each pixel is told by itself (Schönfeld et al. 2020, "A U-Net Based Discriminator").
 *
 * @module
 */

import * as tf from "@tensorflow/tfjs";
import type { RunConfig } from "../config.ts";
import { splitAnswer, type TensorNetwork } from "../tensor_network.ts";

/** What the critic should answer beside a clean picture, in as many further channels. */
export const LABELS = { real: 1, drawn: -1 } as const;

/** The share of what makes pictures look real in where a run moves them; 0 where its critic does not tell. */
export function adversarialShare(
  { distillation, upsample }: Pick<RunConfig, "distillation" | "upsample">,
): number {
  return (distillation?.matching ?? upsample?.matching)?.adversarial ?? 0;
}

/**
 * −ln of the chance that the critic gave to what is so, mean over pixels: softplus(−label·logit).
 *
 * @param logits The critic's further channels.
 * @param labels {@linkcode LABELS} in each.
 */
export function discriminationLoss(
  logits: tf.Tensor,
  labels: tf.Tensor,
): tf.Scalar {
  return tf.mean(tf.softplus(tf.neg(tf.mul(labels, logits))));
}

/** Where noisy pictures should go to look real: the slope of ln of the chance that a pixel is, summed over pixels. */
export type RealnessSlope = (
  ...inputs: Parameters<TensorNetwork["predict"]>
) => tf.Tensor4D;

/** Creates the slope of a critic's network by its input `[n, h, w, c]`. */
export function realnessSlope({ predict }: TensorNetwork): RealnessSlope {
  return (flat, x, level, condition) =>
    tf.grad((x) => {
      const answer = predict(flat, x as tf.Tensor4D, level, condition);
      const [, logits] = splitAnswer(answer, x.shape[3]!);
      return tf.neg(tf.sum(tf.softplus(tf.neg(logits!))));
    })(x) as tf.Tensor4D;
}

/** The part of a critic's answers that is what it sees in noisy pictures. */
export function withoutLogits({ predict }: TensorNetwork): TensorNetwork {
  return {
    predict: (...inputs) =>
      splitAnswer(predict(...inputs), inputs[1].shape[3])[0],
  };
}
