/**
 * The teacher's part of distillation, in TensorFlow.js: what the student should answer.
 *
 * @module
 */

import * as tf from "@tensorflow/tfjs";
import type { TeacherScales } from "./distillation.ts";
import { askedOf, guidedEstimate, type Teacher } from "./guided.ts";
import { each } from "../each_example.ts";
import type { Lesson } from "./jumps.ts";

/**
 * What the student should answer so that its one step leads where the teacher's smaller ones do.
 *
 * @param x Noisy pictures, scaled for a network: `[n, h, w, c]`.
 * @param scales How far the teacher is guided.
 */
export function teach(
  teacher: Teacher,
  x: tf.Tensor4D,
  { steps, keep, condition }: Lesson,
  scales: TeacherScales,
): tf.Tensor4D {
  const asked = askedOf(condition, keep.length);
  const { scale, skip, out } = steps[0]!;
  const start = tf.div(x, each(scale));
  let at = start;
  let last: tf.Tensor | undefined;
  steps.forEach(({ keep, lean }, k) => {
    const [moved, x0] = tf.tidy(() => {
      const x0 = guidedEstimate(teacher, at, steps[k]!, asked, scales);
      const ahead = last === undefined
        ? x0
        : tf.add(x0, tf.mul(each(lean), tf.sub(x0, last)));
      // x′ = x̂0 + (σ′/σ)·(x − x̂0)
      return [tf.add(ahead, tf.mul(each(keep), tf.sub(at, ahead))), x0];
    }) as [tf.Tensor, tf.Tensor];
    at = moved;
    last = x0;
  });
  // The clean estimate from which a straight step leads to the same place.
  const share = each(keep.map((kept) => 1 - kept));
  const wanted = tf.div(tf.sub(at, tf.mul(each(keep), start)), share);
  const skipped = tf.mul(each(skip), start);
  return tf.div(tf.sub(wanted, skipped), each(out)) as tf.Tensor4D;
}
