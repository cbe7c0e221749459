/**
 * The operations of which a network's layers are made, where TensorFlow.js leaves a choice. Each backend may bring
 * faster ones; these run everywhere and have right gradients on every backend.
 *
 * @module
 */

import * as tf from "@tensorflow/tfjs";
import {
  type BatchNormWeights,
  maxOfQuarters,
  trainBatchNorm,
} from "./network/tensor_layers.ts";

/** Operations a backend may replace. All pictures are `[n, h, w, c]`. */
export interface Kernels {
  /** Convolution with stride 1 that keeps the size, plus one bias a channel where there is one. */
  conv(x: tf.Tensor4D, weight: tf.Tensor4D, bias?: tf.Tensor1D): tf.Tensor4D;
  /** Adds one bias a channel. */
  bias<T extends tf.Tensor>(x: T, bias: tf.Tensor1D): T;
  /** max(x, 0). */
  relu<T extends tf.Tensor>(x: T): T;
  /** Normalises by the moments of the batch; the running moments' "gradient" is their distance from the batch's. */
  trainBatchNorm(x: tf.Tensor4D, weights: BatchNormWeights): tf.Tensor4D;
  /** Largest of each 2×2 pixels; where several are equal, one has the gradient. */
  maxPool(x: tf.Tensor4D): tf.Tensor4D;
  /** `[n, h, w, c]` to `[n, h/2, w/2, 4c]`, channels ordered (row, column, c). */
  spaceToDepth(x: tf.Tensor4D): tf.Tensor4D;
  /** Inverse of `spaceToDepth`. */
  depthToSpace(x: tf.Tensor4D): tf.Tensor4D;
  /** Adds one shift a picture and channel: `[n, c]`. */
  shift(x: tf.Tensor4D, shift: tf.Tensor2D): tf.Tensor4D;
  /** Multiplies by `1 + scale` and adds `shift`, one of each a picture and channel: `[n, c]`. */
  modulate(
    x: tf.Tensor4D,
    scale: tf.Tensor2D,
    shift: tf.Tensor2D,
  ): tf.Tensor4D;
  /** Brings a value to the precision the network computes in. */
  lower<T extends tf.Tensor>(x: T): T;
  /** Brings a value back to float32. */
  raise<T extends tf.Tensor>(x: T): T;
}

/** Composed of plain operations. */
export const plainKernels: Kernels = {
  conv(x, weight, bias) {
    const y = tf.conv2d(x, weight, 1, "same");
    return bias ? tf.add(y, bias) : y;
  },
  bias: (x, bias) => tf.add(x, bias),
  relu: (x) => tf.relu(x),
  trainBatchNorm,
  maxPool: (x) => maxOfQuarters(plainKernels.spaceToDepth(x)),
  spaceToDepth(x) {
    const [n, h, w, c] = x.shape;
    const split = tf.reshape(x, [n, h / 2, 2, w / 2, 2, c]);
    return tf.reshape(tf.transpose(split, [0, 1, 3, 2, 4, 5]), [
      n,
      h / 2,
      w / 2,
      4 * c,
    ]);
  },
  depthToSpace(x) {
    const [n, h, w, c] = x.shape;
    const split = tf.reshape(x, [n, h, w, 2, 2, c / 4]);
    return tf.reshape(tf.transpose(split, [0, 1, 3, 2, 4, 5]), [
      n,
      2 * h,
      2 * w,
      c / 4,
    ]);
  },
  shift: (x, shift) => tf.add(x, tf.reshape(shift, [x.shape[0], 1, 1, -1])),
  modulate(x, scale, shift) {
    const shape = [x.shape[0], 1, 1, x.shape[3]];
    const scaled = tf.mul(x, tf.reshape(tf.add(scale, 1), shape));
    return tf.add(scaled, tf.reshape(shift, shape));
  },
  lower: (x) => x,
  raise: (x) => x,
};
