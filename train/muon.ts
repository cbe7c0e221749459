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
 * For each matrix the nearest one with orthogonal rows or columns, roughly: five steps of a Newton–Schulz iteration leave
 * singular values between 0.7 and 1.2. It runs on the products of the shorter side, XᵀX or XXᵀ, which commute with all
 * that is made of them: the long side is multiplied twice, not twice an iteration. Products of one size are iterated
 * together, where the backend multiplies stacks as fast as single matrices.
 */
export function orthogonalize(
  matrices: readonly Dense[],
): tf.Tensor2D[] {
  return tf.tidy((): tf.Tensor2D[] => {
    const tensors = matrices.map(({ values, rows }) =>
      tf.tensor2d(values, [rows, values.length / rows])
    );
    // To make a matrix of norm 1 its small products are scaled, not the matrix.
    const scales = matrices.map(({ values }) => 1 / normOf(values));
    const groups = Map.groupBy(
      tensors.keys(),
      (i) => tf.getBackend() === "wasm" ? -i : Math.min(...tensors[i]!.shape),
    );
    const near: tf.Tensor2D[] = [];
    for (const indices of groups.values()) {
      const grams = indices.map((i) =>
        tf.mul(gramOf(tensors[i]!), scales[i]! ** 2)
      );
      const factors = newtonSchulz(tf.stack(grams) as tf.Tensor3D);
      tf.unstack(factors).forEach((part, k) => {
        const i = indices[k]!;
        const x = tensors[i]!;
        const factor: tf.Tensor2D = tf.mul(part, scales[i]!);
        near[i] = isTall(x) ? tf.matMul(x, factor) : tf.matMul(factor, x);
      });
    }
    return near;
  });
}

/** A matrix row by row. */
export interface Dense {
  /** Its numbers. */
  values: Float32Array;
  /** Number of rows. */
  rows: number;
}

/** Root of the sum of squares; not quite 0 for zeros. */
function normOf(values: Float32Array): number {
  let square = 0;
  for (let i = 0; i < values.length; i++) square += values[i]! ** 2;
  return Math.sqrt(square) + NORM_EPSILON;
}

function isTall({ shape: [rows, columns] }: tf.Tensor2D): boolean {
  return rows > columns;
}

/** Products of the vectors of the shorter side. */
function gramOf(x: tf.Tensor2D): tf.Tensor2D {
  const flipped: tf.Tensor2D = tf.transpose(x);
  return isTall(x) ? tf.matMul(flipped, x) : tf.matMul(x, flipped);
}

/** What the iteration multiplies matrices by whose products are `grams`, `[n, k, k]`. */
function newtonSchulz(grams: tf.Tensor3D): tf.Tensor3D {
  const linear = tf.mul(tf.eye(grams.shape[1]), A);
  let product: tf.Tensor3D | undefined;
  for (let i = 0; i < ITERATIONS; i++) {
    const square = tf.mul(tf.matMul(grams, grams), C);
    const factor: tf.Tensor3D = tf.add(
      linear,
      tf.add(square, tf.mul(grams, B)),
    );
    product = product ? tf.matMul(factor, product) : factor;
    if (i + 1 < ITERATIONS) {
      grams = tf.matMul(tf.matMul(factor, grams), factor);
    }
  }
  return product!;
}

/** Creates Muon for the parameters of a network; what is no hidden matrix moves as by AdamW. */
export function muon(parameters: readonly Parameter[]): Optimizer {
  const places = placesOf(parameters);
  return async function takeStep(vectors, gradient, range, options) {
    const inside = places.filter(({ from, to }) =>
      from >= range.from && to <= range.to
    );
    const matrices = inside.flatMap(({ matrix }) => matrix ?? []);
    const moves = orthogonalize(matrices.map((matrix) => ({
      values: lookAhead(vectors, gradient, matrix, options),
      rows: matrix.rows,
    })));
    for (const place of inside) {
      if (!place.matrix) adamw(vectors, gradient, place, options);
    }
    for (const [i, matrix] of matrices.entries()) {
      move(vectors.weights, await moves[i]!.data<"float32">(), matrix, options);
      moves[i]!.dispose();
    }
  };
}

/** Moves the momentum of a matrix and returns where it will be (Nesterov). */
function lookAhead(
  { moment1 }: AdamwVectors,
  gradient: Float32Array,
  { from, to }: Range,
  { momentum = 0.95, gradientScale }: AdamwStep,
): Float32Array {
  const ahead = new Float32Array(to - from);
  for (let i = from; i < to; i++) {
    const g = gradient[i]! * gradientScale;
    const m = momentum * moment1[i]! + (1 - momentum) * g;
    moment1[i] = m;
    ahead[i - from] = momentum * m + (1 - momentum) * g;
  }
  return ahead;
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
