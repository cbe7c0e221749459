/**
 * Layers that TensorFlow.js lacks, or whose gradients are wrong or missing on some backend, composed from operations
 * that are right on all. Pictures are `[n, h, w, c]` in float32.
 *
 * @module
 */

import * as tf from "@tensorflow/tfjs";
import { NORM_EPSILON, UNIT_EPSILON } from "./graph.ts";

/** Normalises over pixels and the channels of a group (Wu & He 2018). */
export function groupNorm(
  x: tf.Tensor4D,
  groups: number,
  gain: tf.Tensor,
  bias: tf.Tensor,
): tf.Tensor {
  const [n, h, w, c] = x.shape;
  const grouped = tf.reshape(x, [n, h * w, groups, c / groups]);
  const mean = tf.mean(grouped, [1, 3], true);
  const centred = tf.sub(grouped, mean);
  const variance = tf.mean(tf.square(centred), [1, 3], true);
  const normal = tf.mul(centred, tf.rsqrt(tf.add(variance, NORM_EPSILON)));
  return tf.add(tf.mul(tf.reshape(normal, [n, h, w, c]), gain), bias);
}

/** Parameters of a batch normalisation, one number a channel each. */
export interface BatchNormWeights {
  /** Learned factor. */
  gain: tf.Tensor;
  /** Learned bias. */
  bias: tf.Tensor;
  /** Running mean. */
  mean: tf.Tensor;
  /** Running variance. */
  variance: tf.Tensor;
}

/** Normalises by the running moments. */
export function batchNorm(
  x: tf.Tensor,
  { gain, bias, mean, variance }: BatchNormWeights,
): tf.Tensor {
  const factor = tf.mul(gain, tf.rsqrt(tf.add(variance, NORM_EPSILON)));
  return tf.add(tf.mul(tf.sub(x, mean), factor), bias);
}

/**
 * Normalises by the moments of the batch. The "gradient" of a running moment is its distance from the batch's, whatever
 * the loss: so the moments travel with the gradients, over workers and parts of a batch.
 */
export function trainBatchNorm(
  x: tf.Tensor4D,
  { gain, bias, mean, variance }: BatchNormWeights,
): tf.Tensor4D {
  const count = x.size / x.shape[3];
  const batchMean = tf.mean(x, [0, 1, 2]);
  const centred = tf.sub(x, batchMean);
  const batchVariance = tf.mean(tf.square(centred), [0, 1, 2]);
  const factor = tf.mul(gain, tf.rsqrt(tf.add(batchVariance, NORM_EPSILON)));
  const y = tf.add(tf.mul(centred, factor), bias);
  // The running variance is the unbiased one, as in PyTorch.
  const unbiased = tf.mul(batchVariance, count / Math.max(1, count - 1));
  const track = tf.customGrad((...inputs: unknown[]) => {
    const save = inputs.at(-1) as (tensors: tf.Tensor[]) => void;
    const [y, ...moments] = inputs.slice(0, -1) as tf.Tensor[];
    save(moments);
    return {
      value: tf.clone(y!),
      gradFunc(dy: tf.Tensor, saved: tf.Tensor[]) {
        const [mean, variance, batchMean, batchVariance] = saved as [
          tf.Tensor,
          tf.Tensor,
          tf.Tensor,
          tf.Tensor,
        ];
        return [
          tf.clone(dy),
          tf.sub(mean, batchMean),
          tf.sub(variance, batchVariance),
          tf.zerosLike(batchMean),
          tf.zerosLike(batchVariance),
        ];
      },
    };
  });
  return track(y, mean, variance, batchMean, unbiased) as tf.Tensor4D;
}

/** Divides each pixel by the root mean square of its channels. */
export function pixelNorm(x: tf.Tensor): tf.Tensor {
  const square = tf.mean(tf.square(x), -1, true);
  return tf.mul(x, tf.rsqrt(tf.add(square, UNIT_EPSILON)));
}

/** Weights of which those that lead to one output have norm 1. */
export function unitWeights<T extends tf.Tensor>(weight: T): T {
  const axes = Array.from({ length: weight.rank - 1 }, (_, i) => i);
  const square = tf.sum(tf.square(weight), axes, true);
  return tf.mul(weight, tf.rsqrt(tf.add(square, UNIT_EPSILON)));
}

/** The largest of each four channels that lie a quarter apart; of equal ones the first has the gradient. */
export function maxOfQuarters(x: tf.Tensor4D): tf.Tensor4D {
  const [a, b, c, d] = tf.split(x, 4, 3) as [
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
  ];
  return tf.maximum(tf.maximum(a, b), tf.maximum(c, d)) as tf.Tensor4D;
}

/** Convolution of each channel by itself; `weight` is `[k, k, c, 1]`, k odd. */
export function depthwise(
  x: tf.Tensor4D,
  weight: tf.Tensor4D,
): tf.Tensor4D {
  const op = tf.customGrad((...inputs: unknown[]) => {
    const [x, weight] = inputs as [tf.Tensor4D, tf.Tensor4D];
    const save = inputs.at(-1) as (tensors: tf.Tensor[]) => void;
    save([x, weight]);
    return {
      value: tf.depthwiseConv2d(x, weight, 1, "same"),
      gradFunc(dy: tf.Tensor, saved: tf.Tensor[]) {
        const [x, weight] = saved as [tf.Tensor4D, tf.Tensor4D];
        const turned = tf.reverse(weight, [0, 1]);
        return [
          tf.depthwiseConv2d(dy as tf.Tensor4D, turned, 1, "same"),
          depthwiseFilterGradient(x, dy as tf.Tensor4D, weight.shape),
        ];
      },
    };
  });
  return op(x, weight) as tf.Tensor4D;
}

/** dW[tap] = Σ over pictures and pixels of x, shifted by the tap, times dy. */
function depthwiseFilterGradient(
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  shape: [number, number, number, number],
): tf.Tensor {
  const [kernel] = shape;
  const pad: [number, number] = [(kernel - 1) / 2, (kernel - 1) / 2];
  const padded = tf.pad(x, [[0, 0], pad, pad, [0, 0]]);
  const taps = Array.from({ length: kernel ** 2 }, (_, i) => {
    const start = [0, Math.floor(i / kernel), i % kernel, 0] as const;
    const shifted = tf.slice(padded, [...start], x.shape);
    return tf.sum(tf.mul(shifted, dy), [0, 1, 2]);
  });
  return tf.reshape(tf.stack(taps), shape);
}
