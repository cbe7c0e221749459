/**
 * The bound on the likelihood as a loss, with which a network learns the variance of its steps (Nichol & Dhariwal 2021).
 * The tables and the reference in plain numbers are those of `@emoji/diffusion/losses`.
 *
 * @module
 */

import * as tf from "@tensorflow/tfjs";
import {
  type LossWeights,
  rescaledKlLoss,
  rescaledMseLoss,
} from "@emoji/diffusion/losses";
import type { DiffusionProcess } from "@emoji/diffusion/process";
import { learnedRange, varianceBounds } from "@emoji/diffusion/process";
import type { ObjectiveConfig, TrainingLevel } from "./objective.ts";
import { each } from "../each_example.ts";

/** What a term of the bound needs beside the network's answer; one number an example but `clean`. */
export interface BoundExamples {
  /** Clean pictures, `[count, h, w, c]`. */
  clean: Float32Array;
  /** Mean of the true step minus the network's, for each unit of error in its prediction. */
  meanScale: Float32Array;
  /** Log variance of the true step. */
  logPosterior: Float32Array;
  /** Log variance of the network's step where its output is 0 … */
  logBase: Float32Array;
  /** … and what each unit of output adds to it. */
  logSlope: Float32Array;
  /** 1 where the step ends in the clean picture, else 0. */
  last: Float32Array;
}

/** Looks up what the terms of the bound need at the levels of some examples. */
export function boundExamples(
  process: DiffusionProcess,
  levels: readonly TrainingLevel[],
  clean: Float32Array,
): BoundExamples {
  const each = (value: (t: number, level: TrainingLevel) => number) =>
    Float32Array.from(levels, (drawn) => value(drawn.level.t, drawn));
  const range = levels.map(({ level }) =>
    learnedRange(varianceBounds(process, level.t))
  );
  return {
    clean,
    meanScale: each((t, { coefficients }) =>
      process.posteriorMeanX0[t]! * coefficients.out
    ),
    logPosterior: each((t) => process.posteriorLogVariances[t]!),
    logBase: Float32Array.from(range, ({ base }) => base),
    logSlope: Float32Array.from(range, ({ slope }) => slope),
    last: each((t) => Number(t === 0)),
  };
}

/** How much the error of the prediction and a term of the bound weigh in the loss. */
export function boundWeights(
  { process, bound = "hybrid" }: Pick<ObjectiveConfig, "process" | "bound">,
): LossWeights {
  if (process.type !== "vp" || !("length" in process.schedule)) {
    return { mse: 1, bound: 0 };
  }
  const learned = process.variance === "learned";
  const loss = learned && bound === "vlb" ? rescaledKlLoss : rescaledMseLoss;
  return loss(process.schedule.length, learned);
}

/** Smallest probability whose logarithm is taken. */
const LEAST = 1e-12;

/**
 * One term of the bound for each example, in bits per dimension.
 *
 * @param error Target minus prediction, `[n, h, w, c]`.
 * @param raw The network's variance channels, `[n, h, w, c]`.
 */
export function boundTerms(
  error: tf.Tensor4D,
  raw: tf.Tensor4D,
  examples: BoundExamples,
): tf.Tensor1D {
  const logVariance = tf.add(
    each(examples.logBase),
    tf.mul(each(examples.logSlope), raw),
  );
  const difference = tf.mul(each(examples.meanScale), error);
  const logPosterior = each(examples.logPosterior);
  const kl = tf.mul(
    0.5,
    tf.sub(
      tf.add(
        tf.add(
          tf.sub(logVariance, logPosterior),
          tf.exp(tf.sub(logPosterior, logVariance)),
        ),
        tf.mul(tf.square(difference), tf.exp(tf.neg(logVariance))),
      ),
      1,
    ),
  );
  const decoder = decoderTerms(
    difference,
    logVariance,
    tf.tensor4d(examples.clean, error.shape),
  );
  const last = each(examples.last);
  const terms = tf.add(
    tf.mul(tf.sub(1, last), kl),
    tf.mul(last, decoder),
  );
  return tf.div(tf.mean(terms, [1, 2, 3]), Math.LN2);
}

/** −log of the probability of one of 256 values under a normal distribution cut into as many cells: Ho et al. (2020), equation 13. */
function decoderTerms(
  difference: tf.Tensor,
  logVariance: tf.Tensor,
  clean: tf.Tensor4D,
): tf.Tensor {
  const inverse = tf.exp(tf.mul(-0.5, logVariance));
  const above = normalCdf(tf.mul(tf.add(difference, 1 / 255), inverse));
  const below = normalCdf(tf.mul(tf.sub(difference, 1 / 255), inverse));
  const isLow = tf.cast(tf.less(clean, -0.999), "float32");
  const isHigh = tf.cast(tf.greater(clean, 0.999), "float32");
  // The outer cells reach to infinity: P = above, 1 − below, or above − below.
  const top = tf.add(above, tf.mul(isHigh, tf.sub(1, above)));
  const bottom = tf.mul(tf.sub(1, isLow), below);
  return tf.neg(tf.log(tf.maximum(tf.sub(top, bottom), LEAST)));
}

/** The approximation that the bound is defined with, see `approximateNormalCdf()`. */
function normalCdf(x: tf.Tensor): tf.Tensor {
  const inner = tf.add(x, tf.mul(0.044715, tf.mul(tf.square(x), x)));
  return tf.mul(0.5, tf.add(1, tf.tanh(tf.mul(Math.sqrt(2 / Math.PI), inner))));
}
