/**
 * Distribution matching (DMD2; Yin et al. 2024, "Improved Distribution Matching Distillation for Fast Image Synthesis"):
 * where the student's own pictures should go, so that as many of each kind come of it as of its guided teacher. A second
 * network, the critic, learns what the student draws; the difference between what teacher and critic see in a noisy
 * picture is the way.
 *
 * @module
 */

import * as tf from "@tensorflow/tfjs";
import {
  each,
  type EachLevel,
  seenBy,
  type TrainedNetwork,
} from "../distillation/guided.ts";
import type { Drawn } from "./draw_run.ts";
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

/** What a training step by distribution matching teaches. */
export interface Matched {
  /** The network: the last step that it took by itself. */
  student: Examples;
  /** The critic: to see the pictures that the step led to. */
  critic: Examples;
}

/** Who judges pictures. */
export interface Judges {
  /** What the pictures should be: the clean ones that a teacher sees in noisy ones. */
  teacher: (noisy: tf.Tensor, at: EachLevel) => tf.Tensor4D;
  /** The network that learns what is drawn. */
  critic: TrainedNetwork;
}

/**
 * Works out what the network that drew pictures, and its critic, should have answered. No gradient is to flow through it.
 *
 * @param drawn The network's last step.
 * @param trials What the pictures are judged by.
 * @param asked What is asked for, as teacher and critic read it.
 */
export function match(
  { teacher, critic }: Judges,
  { x, at, condition, x0 }: Drawn,
  trials: readonly Trial[],
  asked: tf.Tensor2D,
): Matched {
  const noisy = trials.map(({ sigma, noise }) =>
    tf.add(x0, tf.mul(each(sigma), tf.tensor4d(noise, x0.shape)))
  );
  const judged = noisy[0]!;
  const level = trials[0]!.at;
  const real = teacher(judged, level);
  const seen = seenBy(critic, judged, level, asked);
  const distance = tf.mean(tf.abs(tf.sub(real, x0)), [1, 2, 3], true);
  const way = tf.div(tf.sub(real, seen), tf.add(distance, 1e-3));
  return {
    student: examples(x, at, condition, tf.add(x0, tf.mul(each(at.out), way))),
    critic: joined(
      trials.map(({ at }, i) => examples(noisy[i]!, at, asked, x0)),
    ),
  };
}

/** What a network of a level is given for noisy pictures, and should answer for the clean ones to be `x0`. */
function examples(
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
