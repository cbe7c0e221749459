import * as tf from "@tensorflow/tfjs";

/** The same value, which no gradient flows through. */
export function stopGradient<T extends tf.Tensor>(x: T): T {
  const stopped = tf.customGrad((...inputs: unknown[]) => ({
    value: tf.clone(inputs[0] as tf.Tensor),
    gradFunc: (dy: tf.Tensor) => [tf.zerosLike(dy)],
  }));
  return stopped(x) as T;
}
