import * as tf from "@tensorflow/tfjs";
import type { Batch } from "./batch.ts";
import type { Kernels } from "./kernels.ts";
import type { Parameter } from "./network/graph.ts";
import { splitParameters, tensorGraph } from "./network/tensor_graph.ts";
import { unet, type UnetConfig } from "./network/unet.ts";

/** A network as a function of its flat weights. */
export interface TensorNetwork {
  /** F for `[n, h, w, c]` pictures scaled by c_in; call inside `tf.tidy`. */
  predict(
    flat: tf.Tensor1D,
    x: tf.Tensor4D,
    level: tf.Tensor2D,
    condition: tf.Tensor2D,
  ): tf.Tensor4D;
}

/** Creates the network that a configuration describes. */
export function tensorNetwork(
  config: UnetConfig,
  parameters: readonly Parameter[],
  kernels: Kernels,
): TensorNetwork {
  return {
    predict(flat, x, level, condition) {
      const graph = tensorGraph(splitParameters(flat, parameters), kernels);
      const inputs = { x: kernels.lower(x), level, condition };
      return kernels.raise(unet(graph, config, inputs)) as tf.Tensor4D;
    },
  };
}

/** Loss of every example: mean squared error of F, which is EDM's weighted error of the clean picture. */
export function exampleLosses(
  network: TensorNetwork,
  flat: tf.Tensor1D,
  { count, x, target, level, condition }: Batch,
  size: number,
): tf.Tensor1D {
  const shape: [number, number, number, number] = [count, size, size, 4];
  const predicted = network.predict(
    flat,
    tf.tensor4d(x, shape),
    tf.tensor2d(level, [count, 1]),
    tf.tensor2d(condition, [count, condition.length / count]),
  );
  return tf.mean(
    tf.squaredDifference(predicted, tf.tensor4d(target, shape)),
    [1, 2, 3],
  );
}
