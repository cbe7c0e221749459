import * as tf from "@tensorflow/tfjs";
import type { PhiloxSource } from "@emoji/diffusion/random";

/**
 * A tensor with 0 for what is left out and 1 / (1 − rate) for the rest. Each example's part is drawn from its own source,
 * so that it does not depend on the batch.
 *
 * @param shape Sizes, the batch first.
 * @param rate Share of zeros, in [0, 1).
 * @param sources One an example; they move on.
 */
export function dropoutMask(
  shape: number[],
  rate: number,
  sources: readonly PhiloxSource[],
): tf.Tensor {
  if (!(rate >= 0 && rate < 1)) {
    throw new RangeError(
      `Cannot drop features as rate must be in [0, 1): current value is ${rate}`,
    );
  }
  const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
  const size = values.length / sources.length;
  sources.forEach((source, k) =>
    source.uniform(values.subarray(k * size, (k + 1) * size))
  );
  const kept = 1 / (1 - rate);
  for (let i = 0; i < values.length; i++) {
    values[i] = values[i]! < rate ? 0 : kept;
  }
  return tf.tensor(values, shape);
}
