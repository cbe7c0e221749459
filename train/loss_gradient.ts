/**
 * The gradient of the loss by the weights: most of what a training step computes.
 *
 * @module
 */

import * as tf from "@tensorflow/tfjs";
import type { Compile } from "./backend.ts";
import type { Batch } from "./batch.ts";
import type { RunConfig } from "./config.ts";
import {
  type BatchTensors,
  exampleLosses,
  hasDropout,
  type TensorNetwork,
} from "./loss.ts";

/** What a batch teaches. */
export type LossGradient = {
  /** Mean loss. */
  loss: tf.Scalar;
  /** Its gradient. */
  gradient: tf.Tensor1D;
  /** Loss of each example, without the weights of their levels. */
  examples: tf.Tensor1D;
};

/** Works out what a batch teaches a network of these flat weights. */
export type LossGradientOf = (
  flat: tf.Tensor1D,
  tensors: BatchTensors,
  batch: Batch,
) => LossGradient;

/** What a step needs to know of a batch beside its tensors. */
const NO_DROPOUT_NO_BOUND = { first: 0, count: 0 } as const;

/** Creates the function for a run's network; it is compiled where all that changes from batch to batch are tensors. */
export function lossGradient(
  network: TensorNetwork,
  config: Pick<RunConfig, "objective" | "network" | "seed">,
  compile: Compile,
): LossGradientOf {
  function compute(
    flat: tf.Tensor1D,
    tensors: BatchTensors,
    batch: Pick<Batch, "first" | "count" | "bound">,
  ): tf.Tensor[] {
    let examples: tf.Tensor | undefined;
    const { value, grad } = tf.valueAndGrad((flat) => {
      const losses = exampleLosses(
        network,
        flat as tf.Tensor1D,
        tensors,
        batch,
        config,
        { training: true },
      );
      examples = tf.keep(tf.clone(losses.plain));
      return tf.mean(losses.weighted);
    })(flat);
    return [value, grad, examples!];
  }

  const compiled = compile((flat, x, level, condition, target, weight) => {
    const tensors = { x, level, condition, target, ...(weight && { weight }) };
    return compute(
      flat as tf.Tensor1D,
      tensors as BatchTensors,
      NO_DROPOUT_NO_BOUND,
    );
  });
  return (flat, tensors, batch) => {
    const { x, level, condition, target, weight } = tensors;
    const inputs = [flat, x, level, condition, target];
    const [loss, gradient, examples] = batch.bound || hasDropout(config.network)
      ? tf.tidy(() => compute(flat, tensors, batch))
      : compiled(...inputs, ...(weight ? [weight] : []));
    return { loss, gradient, examples } as LossGradient;
  };
}
