/**
 * How drawn pictures come to look real to a critic that learns to tell them from real ones.
 *
 * @module
 */

import * as tf from "@tensorflow/tfjs";
import { each } from "../each_example.ts";
import { LABELS } from "./discriminate.ts";
import { type Examples, joined, shownWithNoise } from "./examples.ts";
import type { Trial } from "./rehearsal.ts";

/**
 * How far a picture is moved, on average over its pixels. The slope has no scale of its own: a critic that is surer is
 * steeper.
 */
const DISTANCE = 0.25;

/** A critic that tells real pictures from drawn ones. */
export interface Discriminator {
  /** Its share in where pictures are moved. */
  share: number;
  /** Where noisy pictures, scaled for the critic's input, should go to look real to it. */
  slope: (
    x: tf.Tensor4D,
    level: tf.Tensor2D,
    condition: tf.Tensor2D,
  ) => tf.Tensor4D;
  /** Real pictures: as many as drawn ones. */
  real: tf.Tensor4D;
}

/**
 * Where drawn pictures should go to look real.
 *
 * @param shown They, as the critic is shown them in `trial`.
 */
export function wayToReal(
  { slope }: Discriminator,
  { x, level, condition }: Examples,
  { at }: Trial,
): tf.Tensor {
  const way = tf.mul(each(at.scale), slope(x, level, condition));
  const mean = tf.add(tf.mean(tf.abs(way)), 1e-12);
  return tf.mul(DISTANCE, tf.div(way, mean));
}

/** Examples of the critic: drawn pictures, and beside them real ones with the noise of `trial`. */
export function toTell(
  { real }: Discriminator,
  drawn: readonly Examples[],
  trial: Trial,
): Examples {
  const { condition } = drawn[0]!;
  return joined([
    ...drawn.map((examples) => labelled(examples, LABELS.drawn)),
    labelled(shownWithNoise(real, trial, condition), LABELS.real),
  ]);
}

/** Examples with what the critic should answer in its further channels. */
function labelled(examples: Examples, label: number): Examples {
  const labels = tf.fill(examples.target.shape, label);
  return {
    ...examples,
    target: tf.concat([examples.target, labels], 3) as tf.Tensor4D,
  };
}
