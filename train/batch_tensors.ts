/**
 * A batch's examples as tensors, with what other networks have to say of them.
 *
 * @module
 */

import * as tf from "@tensorflow/tfjs";
import type { Batch } from "./batch.ts";
import type { RunConfig } from "./config.ts";
import { teach } from "./distillation/teacher.ts";
import type { GivenNetworks } from "./given_networks.ts";
import { type Examples, joined } from "./matching/examples.ts";
import { matchedStudent, matchedUpsampler } from "./matching/matched.ts";
import {
  type PicturesShape,
  splitAnswer,
  type TensorNetwork,
} from "./tensor_network.ts";
import { denoiseFirst } from "./upsampling/denoise_first.ts";
import { each } from "./each_example.ts";

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
    if (batch.weight) {
      throw new Error(
        "Cannot learn by --matching as levels must have no weights: leave --min-snr out",
      );
    }
    return { ...joined([{ x, level, condition, target }, student]), critic };
  }
  if (!batch.estimate) return { x, level, condition, target, ...weight };

  const { skip, out, shown } = batch.estimate;
  const blind = tf.concat([x, tf.zerosLike(x)], 3);
  const answer = network.predict(flat, blind, level, condition);
  const [first] = splitAnswer(answer, pictureChannels);
  const x0 = tf.add(tf.mul(each(skip), x), tf.mul(each(out), first));
  const seen = tf.mul(each(shown), x0) as tf.Tensor4D;
  return { x: tf.concat([x, seen], 3), level, condition, target, ...weight };
}
