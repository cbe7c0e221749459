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
  type EachLevel,
  seenBy,
  type TrainedNetwork,
} from "../distillation/guided.ts";
import { each } from "../each_example.ts";
import { type Discriminator, toTell, wayToReal } from "./adversarial.ts";
import type { Drawn } from "./draw_run.ts";
import { type Examples, examples, joined, withNoise } from "./examples.ts";
import type { Trial } from "./rehearsal.ts";

/** What a training step by distribution matching teaches. */
export interface Matched {
  /** The network: the last step that it took by itself. */
  student: Examples;
  /** The critic: to see the pictures that the step led to, and where it tells them from real ones, to do so. */
  critic: Examples;
}

/** Who judges pictures. */
export interface Judges {
  /** What the pictures should be: the clean ones that a teacher sees in noisy ones. */
  teacher: (noisy: tf.Tensor, at: EachLevel) => tf.Tensor4D;
  /** The network that learns what is drawn. */
  critic: TrainedNetwork;
  /** What the critic also learns to tell from it, where it does. */
  discriminator?: Discriminator | undefined;
}

/**
 * Works out what the network that drew pictures, and its critic, should have answered. No gradient is to flow through it.
 *
 * @param drawn The network's last step.
 * @param trials What the pictures are judged by.
 * @param asked What is asked for, as teacher and critic read it.
 */
export function match(
  { teacher, critic, discriminator }: Judges,
  { x, at, condition, x0 }: Drawn,
  trials: readonly Trial[],
  asked: tf.Tensor2D,
): Matched {
  const noisy = trials.map((trial) => withNoise(x0, trial));
  const shown = trials.map(({ at }, i) => examples(noisy[i]!, at, asked, x0));
  const ways: tf.Tensor[] = [];
  const { share = 0 } = discriminator ?? {};
  if (share < 1) {
    const { at: level } = trials[0]!;
    const real = teacher(noisy[0]!, level);
    const seen = seenBy(critic, noisy[0]!, level, asked);
    const distance = tf.mean(tf.abs(tf.sub(real, x0)), [1, 2, 3], true);
    const way = tf.div(tf.sub(real, seen), tf.add(distance, 1e-3));
    ways.push(tf.mul(1 - share, way));
  }
  if (discriminator) {
    ways.push(tf.mul(share, wayToReal(discriminator, shown[0]!, trials[0]!)));
  }
  const moved = tf.add(x0, tf.mul(each(at.out), tf.addN(ways)));
  return {
    student: examples(x, at, condition, moved),
    critic: discriminator
      ? toTell(discriminator, shown, trials[0]!)
      : joined(shown),
  };
}
