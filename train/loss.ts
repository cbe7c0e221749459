/**
 * The loss of a network on examples, in TensorFlow.js.
 *
 * @module
 */

import * as tf from "@tensorflow/tfjs";
import { philoxNoise, type PhiloxSource } from "@emoji/diffusion/random";
import type { Batch } from "./batch.ts";
import type { BatchTensors } from "./batch_tensors.ts";
import type { RunConfig } from "./config.ts";
import type { NetworkConfig } from "./network/network.ts";
import type { TensorGraphOptions } from "./network/tensor_graph.ts";
import { boundTerms, boundWeights } from "./objectives/bound.ts";
import type { ElementLoss } from "./objectives/objective.ts";
import { splitAnswer, type TensorNetwork } from "./tensor_network.ts";

/** Stream of the run's seed that says what is left out; {@linkcode "./batch.ts"} draws from those before. */
const DROPOUT_STREAM = 6;

/** Losses of the examples of a batch: `[n]` each. */
export interface ExampleLosses {
  /** With the weights of their levels: what is learned from. */
  weighted: tf.Tensor1D;
  /** Without. */
  plain: tf.Tensor1D;
}

/** Loss of every example. */
export function exampleLosses(
  network: TensorNetwork,
  flat: tf.Tensor1D,
  { x, level, condition, target, weight }: BatchTensors,
  batch: Pick<Batch, "first" | "bound">,
  run: Pick<RunConfig, "objective" | "network" | "seed">,
  { training = false }: Pick<TensorGraphOptions, "training"> = {},
): ExampleLosses {
  const { objective, network: config } = run;
  const answer = network.predict(flat, x, level, condition, {
    training,
    ...(training && hasDropout(config) &&
      { dropout: dropoutSources(run.seed, batch.first, x.shape[0]) }),
  });
  const [prediction, raw] = splitAnswer(answer, config.pictureChannels);
  const weights = boundWeights(objective);
  let plain: tf.Tensor1D | undefined;
  if (weights.mse > 0) {
    plain = tf.mean(elementLosses(objective.loss, prediction, target), [
      1,
      2,
      3,
    ]);
  }
  if (raw && batch.bound) {
    // Beside an error of its own the prediction learns nothing from the bound.
    const error = tf.sub(
      target,
      plain ? stopGradient(prediction) : prediction,
    ) as tf.Tensor4D;
    const terms = tf.mul(boundTerms(error, raw, batch.bound), weights.bound);
    plain = (plain ? tf.add(plain, terms) : terms) as tf.Tensor1D;
  }
  const weighted = (weight ? tf.mul(plain!, weight) : plain!) as tf.Tensor1D;
  return { weighted, plain: plain! };
}

/** Whether a network leaves out other parts of every example while it learns. */
export function hasDropout(network: NetworkConfig): boolean {
  return network.type === "unet" && (network.dropout ?? 0) > 0;
}

/** Where it is drawn what the network leaves out: a source for each example of a run, whatever its batch. */
function dropoutSources(
  seed: number,
  first: number,
  count: number,
): PhiloxSource[] {
  const root = philoxNoise(seed, { stream: DROPOUT_STREAM });
  return Array.from({ length: count }, (_, i) => root.split(first + i));
}

function elementLosses(
  loss: ElementLoss,
  prediction: tf.Tensor4D,
  target: tf.Tensor4D,
): tf.Tensor {
  if (loss === "mse") return tf.squaredDifference(prediction, target);
  const distance = tf.abs(tf.sub(prediction, target));
  if (loss === "l1") return distance;
  // d²/2 up to 1, then d − 1/2.
  const near = tf.minimum(distance, 1);
  return tf.sub(tf.mul(near, distance), tf.mul(0.5, tf.square(near)));
}

/** The same value, which no gradient flows through. */
function stopGradient<T extends tf.Tensor>(x: T): T {
  const stopped = tf.customGrad((...inputs: unknown[]) => ({
    value: tf.clone(inputs[0] as tf.Tensor),
    gradFunc: (dy: tf.Tensor) => [tf.zerosLike(dy)],
  }));
  return stopped(x) as T;
}
