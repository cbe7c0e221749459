/**
 * The gradient of the loss by the weights: most of what a training step computes.
 *
 * @module
 */

import * as tf from "@tensorflow/tfjs";
import type { Compile } from "./backend.ts";
import type { Batch } from "./batch.ts";
import type { BatchTensors } from "./batch_tensors.ts";
import type { RunConfig } from "./config.ts";
import { exampleLosses, hasDropout } from "./loss.ts";
import { discriminationLoss, LABELS } from "./matching/discriminate.ts";
import type { Examples } from "./matching/examples.ts";
import { splitAnswer, type TensorNetwork } from "./tensor_network.ts";

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
const NO_DROPOUT_NO_BOUND = { first: 0 } as const;

/** Weight of how well a critic tells real pictures beside what it sees in drawn ones, which must not suffer. */
const TELLING_WEIGHT = 0.1;

/** A network that learns what another one draws. */
export interface Critic {
  /** The network. */
  network: TensorNetwork;
  /** Number of its weights. */
  size: number;
}

/**
 * Creates the function for a run's network, whose weights those of its critic follow, where there is one. It is compiled
 * where all that changes from batch to batch are tensors.
 */
export function lossGradient(
  network: TensorNetwork,
  config: Pick<RunConfig, "objective" | "network" | "seed">,
  compile: Compile,
  critic?: Critic,
): LossGradientOf {
  function compute(
    flat: tf.Tensor1D,
    tensors: BatchTensors,
    batch: Pick<Batch, "first" | "bound">,
  ): tf.Tensor[] {
    let examples: tf.Tensor | undefined;
    const { value, grad } = tf.valueAndGrad((flat) => {
      const [weights, others] = splitLearned(flat as tf.Tensor1D, critic);
      const losses = exampleLosses(network, weights, tensors, batch, config, {
        training: true,
      });
      examples = tf.keep(tf.clone(losses.plain));
      const loss = tf.mean(losses.weighted);
      return critic && tensors.critic
        ? tf.add(loss, criticLoss(critic.network, others, tensors.critic))
        : loss;
    })(flat);
    return [value, grad, examples!];
  }

  const compiled = compile((flat, ...inputs) =>
    compute(flat as tf.Tensor1D, tensorsOf(inputs), NO_DROPOUT_NO_BOUND)
  );
  return (flat, tensors, batch) => {
    const [loss, gradient, examples] = batch.bound || hasDropout(config.network)
      ? tf.tidy(() => compute(flat, tensors, batch))
      : compiled(flat, ...inputsOf(tensors));
    return { loss, gradient, examples } as LossGradient;
  };
}

/** The network's weights and its critic's. */
export function splitLearned(
  flat: tf.Tensor1D,
  critic: Pick<Critic, "size"> | undefined,
): [weights: tf.Tensor1D, others: tf.Tensor1D] {
  if (critic === undefined) return [flat, flat];
  const sizes = [flat.size - critic.size, critic.size];
  return tf.split(flat, sizes) as [tf.Tensor1D, tf.Tensor1D];
}

/** Mean square of what the critic sees in drawn pictures; where it tells them from real ones, its loss at that beside. */
function criticLoss(
  network: TensorNetwork,
  flat: tf.Tensor1D,
  { x, level, condition, target }: Examples,
): tf.Scalar {
  const answer = network.predict(flat, x, level, condition, { training: true });
  const [seen, logits] = splitAnswer(answer, x.shape[3]);
  const [x0, labels] = splitAnswer(target, x.shape[3]);
  const squares = tf.squaredDifference(seen, x0);
  if (!(logits && labels)) return tf.mean(squares);
  const drawn = tf.cast(tf.equal(labels, LABELS.drawn), "float32");
  const error = tf.div(tf.mean(tf.mul(drawn, squares)), tf.mean(drawn));
  const telling = discriminationLoss(logits, labels);
  return tf.add(error, tf.mul(TELLING_WEIGHT, telling));
}

/** A batch's tensors in the order in which {@linkcode tensorsOf} knows them again. */
function inputsOf({ weight, critic, ...tensors }: BatchTensors): tf.Tensor[] {
  const four = ({ x, level, condition, target }: Examples) =>
    [x, level, condition, target] as tf.Tensor[];
  return [
    ...four(tensors),
    ...(critic ? four(critic) : []),
    ...(weight ? [weight] : []),
  ];
}

function tensorsOf(inputs: readonly tf.Tensor[]): BatchTensors {
  const four = (from: number) => {
    const [x, level, condition, target] = inputs.slice(from);
    return { x, level, condition, target } as Examples;
  };
  const isWeighted = inputs.length % 4 === 1;
  return {
    ...four(0),
    ...(inputs.length >= 8 && { critic: four(4) }),
    ...(isWeighted && { weight: inputs.at(-1) as tf.Tensor1D }),
  };
}
