import type * as tf from "@tensorflow/tfjs";

/** The values of a tensor, which is disposed of. */
export async function take(tensor: tf.Tensor): Promise<Float32Array> {
  const values = await tensor.data<"float32">();
  tensor.dispose();
  return values;
}
