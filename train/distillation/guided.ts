/**
 * What a guided teacher sees in noisy pictures, in TensorFlow.js.
 *
 * @module
 */

import {
  type Level,
  noiseToSignal,
  type Preconditioning,
} from "@emoji/diffusion";
import * as tf from "@tensorflow/tfjs";
import type { TensorNetwork } from "../tensor_network.ts";
import type { TeacherScales } from "./distillation.ts";
import { each } from "../each_example.ts";
import { scaleAt, type ScaleByLevel } from "./scale_by_level.ts";

/** A network with weights. */
export interface TrainedNetwork {
  /** The network. */
  network: TensorNetwork;
  /** Its weights. */
  flat: tf.Tensor1D;
}

/** A trained network that shows another one what to do. */
export interface Teacher extends TrainedNetwork {
  /** A worse version of it, for autoguidance. */
  weak?: TrainedNetwork | undefined;
}

/** What a teacher is asked for, and nothing asked for: condition vectors `[n, K]` each. */
export type Asked = readonly [asked: tf.Tensor2D, nothing: tf.Tensor2D];

/** Coefficients of a level, one number an example each. */
export interface EachLevel {
  /** Noise to signal ratio. */
  sigma: Float32Array;
  /** Scaling of the network's input. */
  scale: Float32Array;
  /** What the network is told of the noise level. */
  told: Float32Array;
  /** Weight of the noisy picture in the clean estimate. */
  skip: Float32Array;
  /** Weight of the network's answer in it. */
  out: Float32Array;
}

/** Lays the coefficients of each example's level out. */
export function eachLevel(
  levels: readonly Level[],
  coefficientsOf: (level: Level) => Preconditioning,
): EachLevel {
  const examples = levels.map(coefficientsOf);
  const column = (name: keyof Preconditioning) =>
    Float32Array.from(examples, (numbers) => numbers[name]);
  return {
    sigma: Float32Array.from(levels, noiseToSignal),
    scale: column("scale"),
    told: column("told"),
    skip: column("skip"),
    out: column("out"),
  };
}

/** Splits the condition vectors of `count` examples as asked for, then as not. */
export function askedOf(condition: Float32Array, count: number): Asked {
  const rows = tf.tensor2d(condition, [
    2 * count,
    condition.length / (2 * count),
  ]);
  return tf.split(rows, 2) as [tf.Tensor2D, tf.Tensor2D];
}

/** The clean pictures that a network sees in noisy ones `[n, h, w, c]`, in the range of pictures. */
function cleanEstimate(
  x: tf.Tensor,
  { scale, told, skip, out }: EachLevel,
  answer: (x: tf.Tensor4D, level: tf.Tensor2D) => tf.Tensor,
): tf.Tensor4D {
  const input = tf.mul(x, each(scale)) as tf.Tensor4D;
  const level = tf.tensor2d(told, [told.length, 1]);
  const x0 = tf.add(
    tf.mul(x, each(skip)),
    tf.mul(answer(input, level), each(out)),
  );
  return tf.clipByValue(x0, -1, 1) as tf.Tensor4D;
}

/** The clean pictures that a trained network sees in noisy ones. */
export function seenBy(
  { network, flat }: TrainedNetwork,
  x: tf.Tensor,
  at: EachLevel,
  condition: tf.Tensor2D,
): tf.Tensor4D {
  return cleanEstimate(
    x,
    at,
    (input, level) => network.predict(flat, input, level, condition),
  );
}

/** The same of a guided teacher. */
export function guidedEstimate(
  { weak, ...teacher }: Teacher,
  x: tf.Tensor,
  at: EachLevel,
  [asked, nothing]: Asked,
  { guidance, autoguidance = 1, centring = 1 }: TeacherScales,
): tf.Tensor4D {
  return cleanEstimate(x, at, (input, level) => {
    const answer = (of: TrainedNetwork, condition: tf.Tensor2D) =>
      of.network.predict(of.flat, input, level, condition);
    const plain: tf.Tensor = answer(teacher, asked);
    const ways: tf.Tensor[] = [];
    const leadAway = (from: tf.Tensor, scale: ScaleByLevel) => {
      const share = at.sigma.map((sigma) => scaleAt(scale, sigma) - 1);
      ways.push(centred(tf.mul(each(share), tf.sub(plain, from)), centring));
    };
    if (guidance !== 1) leadAway(answer(teacher, nothing), guidance);
    if (weak && autoguidance !== 1) leadAway(answer(weak, asked), autoguidance);
    return tf.addN([plain, ...ways]);
  });
}

/** `centredGuidance()`: less a share of the mean of each channel, which makes colours stronger than real ones. */
function centred(x: tf.Tensor, share: number): tf.Tensor {
  return tf.sub(x, tf.mul(share, tf.mean(x, [1, 2], true)));
}
