/**
 * A network of a run as a function of tensors.
 *
 * @module
 */

import * as tf from "@tensorflow/tfjs";
import type { RunConfig } from "./config.ts";
import type { Kernels } from "./kernels.ts";
import type { Parameter } from "./network/graph.ts";
import {
  channelsOf,
  type NetworkConfig,
  writeNetwork,
} from "./network/network.ts";
import {
  splitParameters,
  tensorGraph,
  type TensorGraphOptions,
} from "./network/tensor_graph.ts";

/** Of pictures: `[n, h, w, c]`. */
export type PicturesShape = [number, number, number, number];

/** A network as a function of its flat weights. */
export interface TensorNetwork {
  /** The answer to `[n, h, w, c]` pictures scaled for the input; call inside `tf.tidy`. */
  predict(
    flat: tf.Tensor1D,
    x: tf.Tensor4D,
    level: tf.Tensor2D,
    condition: tf.Tensor2D,
    options?: TensorGraphOptions,
  ): tf.Tensor4D;
}

/** Creates the network that a configuration describes. */
export function tensorNetwork(
  config: NetworkConfig,
  parameters: readonly Parameter[],
  kernels: Kernels,
): TensorNetwork {
  return {
    predict(flat, x, level, condition, options) {
      const weights = splitParameters(flat, parameters);
      const graph = tensorGraph(weights, kernels, options);
      const inputs = { x: kernels.lower(x), level, condition };
      return kernels.raise(writeNetwork(graph, config, inputs)) as tf.Tensor4D;
    },
  };
}

/** Prediction and, where there is one, the raw variance. */
export function splitAnswer(
  answer: tf.Tensor4D,
  channels: number,
): [prediction: tf.Tensor4D, raw: tf.Tensor4D | undefined] {
  if (answer.shape[3] === channels) return [answer, undefined];
  const [prediction, raw] = tf.split(answer, 2, 3) as [
    tf.Tensor4D,
    tf.Tensor4D,
  ];
  return [prediction, raw];
}

/** Shape of the input of a run's network for `count` pictures. */
export function inputShape(
  { network, size }: Pick<RunConfig, "network" | "size">,
  count: number,
): PicturesShape {
  return [count, size, size, channelsOf(network).input];
}
