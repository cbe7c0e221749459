/**
 * What networks are given to learn from, as tensors.
 *
 * @module
 */

import * as tf from "@tensorflow/tfjs";
import type { EachLevel } from "../distillation/guided.ts";
import { each } from "../each_example.ts";
import type { Trial } from "./rehearsal.ts";

/** Examples of a network: what it is given, and what it should answer. */
export interface Examples {
  /** Pictures, scaled for its input: `[n, h, w, c]`. */
  x: tf.Tensor4D;
  /** What it is told of the noise level. */
  level: tf.Tensor2D;
  /** Condition vectors. */
  condition: tf.Tensor2D;
  /** What it should answer. */
  target: tf.Tensor4D;
}

/** What a network of a level is given for noisy pictures, and should answer for the clean ones to be `x0`. */
export function examples(
  noisy: tf.Tensor,
  { scale, told, skip, out }: EachLevel,
  condition: tf.Tensor2D,
  x0: tf.Tensor,
): Examples {
  return {
    x: tf.mul(noisy, each(scale)) as tf.Tensor4D,
    level: tf.tensor2d(told, [told.length, 1]),
    condition,
    target: tf.div(
      tf.sub(x0, tf.mul(each(skip), noisy)),
      each(out),
    ) as tf.Tensor4D,
  };
}

/** Examples of several parts as one. */
export function joined(parts: readonly Examples[]): Examples {
  const all = <T extends tf.Tensor>(name: keyof Examples) =>
    tf.concat(parts.map((part) => part[name])) as T;
  return {
    x: all("x"),
    level: all("level"),
    condition: all("condition"),
    target: all("target"),
  };
}

/** Finished pictures with the noise of a trial. */
export function withNoise(
  pictures: tf.Tensor4D,
  { at, noise }: Trial,
): tf.Tensor4D {
  const normal = tf.tensor4d(noise, pictures.shape);
  return tf.add(pictures, tf.mul(each(at.sigma), normal)) as tf.Tensor4D;
}

/** Examples that show finished pictures with the noise of a trial, to be seen without. */
export function shownWithNoise(
  pictures: tf.Tensor4D,
  trial: Trial,
  condition: tf.Tensor2D,
): Examples {
  const noisy = withNoise(pictures, trial);
  return examples(noisy, trial.at, condition, pictures);
}
