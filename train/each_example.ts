import * as tf from "@tensorflow/tfjs";

/** One number an example, to be multiplied with `[n, h, w, c]`. */
export function each(values: Float32Array | number[]): tf.Tensor4D {
  return tf.tensor4d(values, [values.length, 1, 1, 1]);
}
