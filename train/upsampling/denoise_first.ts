import * as tf from "@tensorflow/tfjs";
import type { Level } from "@emoji/diffusion";
import { openProcess } from "@emoji/diffusion/open-process";
import { stepFeatures } from "@emoji/diffusion/step-features";
import type { Batch } from "../batch.ts";
import type { RunConfig } from "../config.ts";
import {
  eachLevel,
  seenBy,
  type TrainedNetwork,
} from "../distillation/guided.ts";
import { each } from "../each_example.ts";
import { aSquareForEachPixel, onePixelASquare } from "./squares.ts";

/** The model whose pictures are to be enlarged. */
export interface SampledNetwork extends TrainedNetwork {
  /** Numbers that tell it how far a step goes, where it is distilled; 0 where not. */
  features: number;
}

const CLEAN: Level = { alpha: 1, sigma: 0, t: 0 };

/**
 * Shows an upsampler the clean pictures that a model sees in noisy ones, in one step, instead of the noisy ones.
 *
 * @param sampled The model.
 * @param x Noisy pictures as the upsampler would be given them: squares, scaled, `[n, h, w, c]`.
 * @param target What it should answer to them.
 * @returns Input and target for the model's clean pictures.
 */
export function denoiseFirst(
  sampled: SampledNetwork,
  x: tf.Tensor4D,
  target: tf.Tensor4D,
  { t, condition }: Batch,
  { objective, size, upsample }: Pick<
    RunConfig,
    "objective" | "size" | "upsample"
  >,
): { x: tf.Tensor4D; target: tf.Tensor4D } {
  const { width } = upsample!;
  const process = openProcess(objective.process);
  const large = [...t].map((t) => process.coefficients(process.level(t)));
  // The mean of width² numbers of noise has a deviation smaller by the width.
  const levels = [...t].map((t) => process.level(t / width));
  const means = tf.div(
    onePixelASquare(x, size, width),
    each(large.map(({ scale }) => scale)),
  );
  const clean = seenBy(
    sampled,
    means,
    eachLevel(levels, process.coefficients),
    toldSteps(condition, levels, sampled.features),
  );
  const shown = tf.mul(
    aSquareForEachPixel(clean, width),
    each(large.map(({ scale }) => scale)),
  ) as tf.Tensor4D;
  // target = (picture − skip·x/scale) / out
  const share = each(large.map(({ skip, out, scale }) => skip / out / scale));
  return {
    x: shown,
    target: tf.add(target, tf.mul(share, tf.sub(x, shown))) as tf.Tensor4D,
  };
}

/** Condition vectors with the step from each level to the clean picture, which a distilled network wants to know. */
function toldSteps(
  condition: Float32Array,
  levels: readonly Level[],
  features: number,
): tf.Tensor2D {
  const rows = condition.length / levels.length;
  const asked = tf.tensor2d(condition, [levels.length, rows]);
  if (features === 0) return asked;
  const steps = levels.map((level) => [
    ...stepFeatures(level, CLEAN, features),
  ]);
  return tf.concat([asked, tf.tensor2d(steps)], 1) as tf.Tensor2D;
}
