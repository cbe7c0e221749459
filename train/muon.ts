/**
 * Muon: momentum whose matrices are made orthogonal before they are added to the weights (Jordan et al. 2024,
 * https://kellerjordan.github.io/posts/muon). All directions of a matrix then move alike, however small their gradient.
 *
 * @module
 */

import * as tf from "@tensorflow/tfjs";
import type { Parameter } from "./network/graph.ts";
import { length } from "./network/parameters.ts";
import {
  adamw,
  type AdamwStep,
  type AdamwVectors,
  type Optimizer,
  type Range,
} from "./optimizer.ts";

/** Coefficients of the quintic a·x + b·x³ + c·x⁵ that brings singular values near 1. */
const [A, B, C] = [3.4445, -4.7750, 2.0315] as const;
const ITERATIONS = 5;
/** Added to the norm of an update, which keeps zeros finite. */
const NORM_EPSILON = 1e-7;

/** Root mean square of AdamW's usual updates: with it the same learning rate suits both (Liu et al. 2025, §2.2). */
const ADAMW_RMS = 0.2;

/** A parameter as a matrix: all weights that lead to one output are a column. */
export interface Matrix extends Range {
  /** Inputs, with the taps of a filter. */
  rows: number;
  /** Outputs. */
  columns: number;
}

/** What reads pictures, levels and conditions, and what answers. */
const OUTER = /^(in|out|down\.0\.conv|embed\.(level|condition|in))\./;

/** Where the parameters of a flat vector lie; those that Muon does not move have no rows. */
interface Place extends Range {
  matrix?: Matrix;
}

function placesOf(parameters: readonly Parameter[]): Place[] {
  let at = 0;
  return parameters.map(({ name, shape }) => {
    const range = { from: at, to: at += length(shape) };
    const columns = shape.at(-1)!;
    const rows = length(shape) / columns;
    const isHidden = rows > 1 && columns > 1 && !OUTER.test(name);
    return isHidden ? { ...range, matrix: { ...range, rows, columns } } : range;
  });
}

/**
 * The nearest matrix with orthogonal rows or columns, roughly: five steps of a Newton–Schulz iteration leave singular
 * values between 0.7 and 1.2. It runs on the products of the shorter side, XXᵀ, which commute with all that is made of
 * them: the long side is multiplied twice, not twice an iteration.
 */
export function orthogonalize(x: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy((): tf.Tensor2D => {
    const [rows, columns] = x.shape;
    const wide = rows <= columns ? x : tf.transpose(x) as tf.Tensor2D;
    const unit = tf.div(
      wide,
      tf.add(tf.norm(wide), NORM_EPSILON),
    ) as tf.Tensor2D;
    const identity = tf.eye(Math.min(rows, columns));
    let gram = tf.matMul(unit, tf.transpose(unit) as tf.Tensor2D);
    let product: tf.Tensor2D | undefined;
    for (let i = 0; i < ITERATIONS; i++) {
      const square = tf.matMul(gram, gram);
      const factor = tf.addN([
        tf.mul(identity, A),
        tf.mul(gram, B),
        tf.mul(square, C),
      ]) as tf.Tensor2D;
      product = product ? tf.matMul(factor, product) : factor;
      if (i + 1 < ITERATIONS) {
        gram = tf.matMul(tf.matMul(factor, gram), factor);
      }
    }
    const near: tf.Tensor2D = tf.matMul(product!, unit);
    return rows <= columns ? near : tf.transpose(near) as tf.Tensor2D;
  });
}

/** Creates Muon for the parameters of a network; what is no hidden matrix moves as by AdamW. */
export function muon(parameters: readonly Parameter[]): Optimizer {
  const places = placesOf(parameters);
  return async function takeStep(vectors, gradient, range, options) {
    const inside = places.filter(({ from, to }) =>
      from >= range.from && to <= range.to
    );
    const matrices = inside.flatMap(({ matrix }) => matrix ?? []);
    const moves = matrices.map((matrix) =>
      direction(vectors, gradient, matrix, options)
    );
    for (const place of inside) {
      if (!place.matrix) adamw(vectors, gradient, place, options);
    }
    for (const [i, matrix] of matrices.entries()) {
      move(vectors.weights, await moves[i]!.data<"float32">(), matrix, options);
      moves[i]!.dispose();
    }
  };
}

/** Moves the momentum of a matrix, looks ahead (Nesterov), and makes the result orthogonal. */
function direction(
  { moment1 }: AdamwVectors,
  gradient: Float32Array,
  { from, to, rows, columns }: Matrix,
  { momentum = 0.95, gradientScale }: AdamwStep,
): tf.Tensor2D {
  const ahead = new Float32Array(to - from);
  for (let i = from; i < to; i++) {
    const g = gradient[i]! * gradientScale;
    const m = momentum * moment1[i]! + (1 - momentum) * g;
    moment1[i] = m;
    ahead[i - from] = momentum * m + (1 - momentum) * g;
  }
  return tf.tidy(() => orthogonalize(tf.tensor2d(ahead, [rows, columns])));
}

function move(
  weights: Float32Array,
  update: Float32Array,
  { from, to, rows, columns }: Matrix,
  { learningRate, weightDecay }: AdamwStep,
): void {
  const rate = learningRate * ADAMW_RMS * Math.sqrt(Math.max(rows, columns));
  const keep = 1 - learningRate * weightDecay;
  for (let i = from; i < to; i++) {
    weights[i] = keep * weights[i]! - rate * update[i - from]!;
  }
}

/** Multiplications that one weight of AdamW takes the time of, with the sum of the gradients and two averages. */
const PLAIN_WORK = 300;

/** Multiplications of a step on one parameter, all else counted as such. */
function workOf({ from, to, matrix }: Place): number {
  const plain = PLAIN_WORK * (to - from);
  if (!matrix) return plain;
  const short = Math.min(matrix.rows, matrix.columns);
  const long = Math.max(matrix.rows, matrix.columns);
  return plain + 2 * short ** 2 * long + 17 * short ** 3;
}

/** The share of worker `index` of `workers`: whole parameters, so that all have about as much work. */
export function muonShare(
  parameters: readonly Parameter[],
  index: number,
  workers: number,
): Range {
  const places = placesOf(parameters);
  const total = places.reduce((sum, place) => sum + workOf(place), 0);
  /** Where the first `part` of the work ends: the nearest end of a parameter. */
  function boundary(part: number): number {
    let done = 0;
    for (const place of places) {
      const work = workOf(place);
      if (done + work / 2 > part * total) return place.from;
      done += work;
    }
    return places.at(-1)?.to ?? 0;
  }
  return {
    from: index === 0 ? 0 : boundary(index / workers),
    to: boundary((index + 1) / workers),
  };
}
