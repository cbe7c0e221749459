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
  type Asked,
  cleanEstimate,
  each,
  type EachLevel,
  guidedEstimate,
  type Teacher,
  type TrainedNetwork,
} from "./guided.ts";
import type { TeacherScales } from "./distillation.ts";
import type { Rehearsal } from "./rehearsal.ts";

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
  /** The student: a step of its own run. */
  student: Examples;
  /** The critic: to see the pictures that the student's step leads to. */
  critic: Examples;
}

/** The networks of distribution matching. */
export interface MatchedNetworks {
  /** The student. */
  student: TrainedNetwork;
  /** The network that learns what the student draws. */
  critic: TrainedNetwork;
  /** What it should draw. */
  teacher: Teacher;
}

/**
 * Lets the student draw and works out what it, and its critic, should have answered. No gradient is to flow through it.
 *
 * @param shape Of the pictures: `[n, h, w, c]`.
 * @param asked What is asked for.
 * @param scales How far the teacher is guided.
 */
export function match(
  { student, critic, teacher }: MatchedNetworks,
  shape: [number, number, number, number],
  { start, steps, trials }: Rehearsal,
  asked: Asked,
  scales: TeacherScales,
): Matched {
  const pictures = (values: Float32Array) => tf.tensor4d(values, shape);
  /** What a network sees in noisy pictures. */
  function see(
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
  const conditions = steps.map(({ features }) =>
    tf.concat([
      asked[0],
      tf.tensor2d(features, [shape[0], features.length / shape[0]]),
    ], 1)
  );

  let at: tf.Tensor = pictures(start);
  let drawn = see(student, at, steps[0]!.at, conditions[0]!);
  for (let k = 1; k < steps.length; k++) {
    const { keep, noise } = steps[k - 1]!;
    // x′ = x̂0 + (σ′/σ)·(x − x̂0) + s·z
    at = tf.addN([
      drawn,
      tf.mul(keep, tf.sub(at, drawn)),
      pictures(noise),
    ]);
    drawn = see(student, at, steps[k]!.at, conditions[k]!);
  }

  const noisy = trials.map(({ sigma, noise }) =>
    tf.add(drawn, tf.mul(each(sigma), pictures(noise)))
  );
  const judged = noisy[0]!;
  const level = trials[0]!.at;
  const real = guidedEstimate(teacher, judged, level, asked, scales);
  const seen = see(critic, judged, level, asked[0]);
  const distance = tf.mean(tf.abs(tf.sub(real, drawn)), [1, 2, 3], true);
  const way = tf.div(tf.sub(real, seen), tf.add(distance, 1e-3));
  const { at: from } = steps.at(-1)!;
  return {
    student: examples(
      at,
      from,
      conditions.at(-1)!,
      tf.add(drawn, tf.mul(each(from.out), way)),
    ),
    critic: joined(
      trials.map(({ at }, i) => examples(noisy[i]!, at, asked[0], drawn)),
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
