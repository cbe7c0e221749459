/**
 * The loss of a network on examples, in TensorFlow.js.
 *
 * @module
 */

import * as tf from "@tensorflow/tfjs";
import { philoxNoise, type PhiloxSource } from "@emoji/diffusion/random";
import type { Batch } from "./batch.ts";
import type { RunConfig } from "./config.ts";
import {
  askedOf,
  type EachLevel,
  guidedEstimate,
  seenBy,
  type Teacher,
  type TrainedNetwork,
} from "./distillation/guided.ts";
import { teach } from "./distillation/teacher.ts";
import type { Kernels } from "./kernels.ts";
import { drawRun } from "./matching/draw_run.ts";
import {
  type Examples,
  joined,
  match,
  type Matched,
} from "./matching/match.ts";
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
import { boundTerms, boundWeights } from "./objectives/bound.ts";
import type { ElementLoss } from "./objectives/objective.ts";
import {
  denoiseFirst,
  type SampledNetwork,
} from "./upsampling/denoise_first.ts";
import { enlargeDrawn } from "./upsampling/enlarge_drawn.ts";

/** Stream of the run's seed that says what is left out; {@linkcode "./batch.ts"} draws from those before. */
const DROPOUT_STREAM = 6;

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

/** `[n, h, w, c]` */
type PicturesShape = [number, number, number, number];

/** Other networks that a run learns from. */
export interface GivenNetworks {
  /** What a distilled network learns from, or what judges enlarged pictures. */
  teacher?: Teacher | undefined;
  /** The networks of distribution matching as they are now. */
  matched?: { student: TrainedNetwork; critic: TrainedNetwork } | undefined;
  /** Whose pictures an upsampler enlarges. */
  sampled?: SampledNetwork | undefined;
}

/** Examples as tensors; where the network conditions on itself, `x` has the clean estimate as well. */
export interface BatchTensors extends Examples {
  /** Weight of each example's loss, where not all are 1. */
  weight?: tf.Tensor1D;
  /** Examples of the critic, where the network learns by distribution matching. */
  critic?: Examples;
}

/**
 * Uploads examples. Where the network learns by distribution matching, what it draws by itself follows them. Where the
 * network conditions on itself, its first answer is worked out here, and what a teacher shows it: no gradient flows through
 * any of this as long as it is called outside of the differentiated function.
 */
export function batchTensors(
  network: TensorNetwork,
  flat: tf.Tensor1D,
  batch: Batch,
  config: Pick<
    RunConfig,
    "network" | "objective" | "size" | "distillation" | "upsample"
  >,
  { teacher, matched, sampled }: GivenNetworks = {},
): BatchTensors {
  const { network: { pictureChannels }, size, distillation, upsample } = config;
  const { count } = batch;
  const shape: PicturesShape = [count, size, size, pictureChannels];
  const x = tf.tensor4d(batch.x, shape);
  const level = tf.tensor2d(batch.level, [count, 1]);
  const condition = tf.tensor2d(batch.condition, [
    count,
    batch.condition.length / count,
  ]);
  if (distillation && !teacher) {
    throw new Error("Cannot learn from a teacher as none is given: --distill");
  }
  const target = batch.lesson && teacher && distillation
    ? teach(teacher, x, batch.lesson, distillation)
    : tf.tensor4d(batch.target, shape);
  const weight = batch.weight && { weight: tf.tensor1d(batch.weight) };
  if (upsample?.denoised) {
    if (!sampled) {
      throw new Error(
        "Cannot learn what a model makes of pictures as none is given: --enlarge",
      );
    }
    const shown = denoiseFirst(sampled, x, target, batch, config);
    return { ...shown, level, condition, ...weight };
  }
  const given = { teacher, matched, sampled };
  const { student, critic } = matchedStudent(given, shape, batch, config) ??
    matchedUpsampler(given, shape, batch, condition, config) ?? {};
  if (student && critic) {
    return { ...joined([{ x, level, condition, target }, student]), critic };
  }
  if (!batch.estimate) return { x, level, condition, target, ...weight };

  const { skip, out, shown } = batch.estimate;
  const each = (values: Float32Array) => tf.tensor4d(values, [count, 1, 1, 1]);
  const blind = tf.concat([x, tf.zerosLike(x)], 3);
  const answer = network.predict(flat, blind, level, condition);
  const [first] = splitAnswer(answer, pictureChannels);
  const x0 = tf.add(tf.mul(each(skip), x), tf.mul(each(out), first));
  const seen = tf.mul(each(shown), x0) as tf.Tensor4D;
  return { x: tf.concat([x, seen], 3), level, condition, target, ...weight };
}

/** What a student learns from what it has drawn itself, where it learns by distribution matching. */
function matchedStudent(
  { teacher, matched }: GivenNetworks,
  shape: PicturesShape,
  { count, lesson, rehearsal }: Batch,
  { distillation }: Pick<RunConfig, "distillation">,
): Matched | undefined {
  const { matching } = distillation ?? {};
  if (!(matching && teacher && matched && lesson && rehearsal)) {
    return undefined;
  }
  const asked = askedOf(lesson.condition, count);
  const drawn = drawRun(matched.student, shape, rehearsal, asked[0]);
  const judge = (noisy: tf.Tensor, at: EachLevel) =>
    guidedEstimate(teacher, noisy, at, asked, matching);
  const { critic } = matched;
  return match({ teacher: judge, critic }, drawn, rehearsal.trials, asked[0]);
}

/** What an upsampler learns from what it has made of pictures that a model has drawn, where it learns so. */
function matchedUpsampler(
  { teacher, matched, sampled }: GivenNetworks,
  [count, height, width, channels]: PicturesShape,
  { rehearsal }: Batch,
  condition: tf.Tensor2D,
  config: Pick<RunConfig, "objective" | "upsample">,
): Matched | undefined {
  const { width: scale, matching } = config.upsample ?? {};
  if (!(scale && matching && teacher && sampled && matched && rehearsal)) {
    return undefined;
  }
  const small = drawRun(
    sampled,
    [count, height / scale, width / scale, channels],
    rehearsal,
    condition,
  );
  const drawn = enlargeDrawn(matched.student, small.x0, condition, config);
  const judge = (noisy: tf.Tensor, at: EachLevel) =>
    seenBy(teacher, noisy, at, condition);
  const { critic } = matched;
  return match({ teacher: judge, critic }, drawn, rehearsal.trials, condition);
}

/** Prediction and, where there is one, the raw variance. */
function splitAnswer(
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

/** Shape of the input of a run's network for `count` pictures. */
export function inputShape(
  { network, size }: Pick<RunConfig, "network" | "size">,
  count: number,
): [number, number, number, number] {
  return [count, size, size, channelsOf(network).input];
}
