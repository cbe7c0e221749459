/**
 * Runs a network in TensorFlow.js, on whatever backend is set.
 *
 * @module
 */

import * as tf from "@tensorflow/tfjs";
import type { Kernels } from "../kernels.ts";
import type { Graph, LayerOptions, Parameter } from "./graph.ts";

const EPSILON = 1e-5;

/** Splits a flat parameter vector into named tensors; the gradient is one concatenation. */
export function splitParameters(
  flat: tf.Tensor1D,
  parameters: readonly Parameter[],
): Map<string, tf.Tensor> {
  const sizes = parameters.map(({ shape }) => shape.reduce((a, b) => a * b, 1));
  const parts = tf.split(flat, sizes);
  return new Map(
    parameters.map((
      { name, shape },
      i,
    ) => [name, tf.reshape(parts[i]!, shape)]),
  );
}

/** Creates an interpreter that computes with `weights`. Call inside `tf.tidy`. */
export function tensorGraph(
  weights: ReadonlyMap<string, tf.Tensor>,
  kernels: Kernels,
): Graph<tf.Tensor> {
  function weight<T extends tf.Tensor>(name: string): T {
    const tensor = weights.get(name);
    if (!tensor) throw new Error(`Cannot find parameter ${name}`);
    return tensor as T;
  }

  function biased(x: tf.Tensor, name: string, { bias = true }: LayerOptions) {
    return bias ? kernels.bias(x, weight<tf.Tensor1D>(`${name}.bias`)) : x;
  }

  return {
    conv(x, name, _channels, options = {}) {
      const w = weight<tf.Tensor4D>(`${name}.weight`);
      return biased(kernels.conv(x as tf.Tensor4D, w), name, options);
    },
    dense(x, name, _features, options = {}) {
      const w = weight<tf.Tensor2D>(`${name}.weight`);
      return biased(tf.matMul(x as tf.Tensor2D, w), name, options);
    },
    relu: (x) => kernels.relu(x),
    silu: (x) => tf.mul(x, tf.sigmoid(x)),
    add: (x, y) => tf.add(x, y),
    concat: (x, y) => tf.concat([x, y], x.rank - 1),
    groupNorm(x, name, groups) {
      const [n, h, w, c] = (x as tf.Tensor4D).shape;
      const grouped = tf.reshape(x, [n, h * w, groups, c / groups]);
      const mean = tf.mean(grouped, [1, 3], true);
      const centred = tf.sub(grouped, mean);
      const variance = tf.mean(tf.square(centred), [1, 3], true);
      const normal = tf.reshape(
        tf.mul(centred, tf.rsqrt(tf.add(variance, EPSILON))),
        [n, h, w, c],
      );
      return tf.add(
        tf.mul(normal, weight(`${name}.gain`)),
        weight(`${name}.bias`),
      );
    },
    modulate: (x, scale, shift) =>
      kernels.modulate(
        x as tf.Tensor4D,
        scale as tf.Tensor2D,
        shift as tf.Tensor2D,
      ),
    shift: (x, shift) => kernels.shift(x as tf.Tensor4D, shift as tf.Tensor2D),
    split: (x, parts) => tf.split(x, parts, 1),
    spaceToDepth: (x) => kernels.spaceToDepth(x as tf.Tensor4D),
    depthToSpace: (x) => kernels.depthToSpace(x as tf.Tensor4D),
    fourier(x, frequencies) {
      const angle = tf.matMul(
        x as tf.Tensor2D,
        tf.tensor2d([frequencies.map((f) => 2 * Math.PI * f)]),
      );
      return tf.concat([tf.cos(angle), tf.sin(angle)], 1);
    },
    attention(qkv, heads) {
      const [n, h, w, c3] = (qkv as tf.Tensor4D).shape;
      const c = c3 / 3;
      const split = tf.transpose(
        tf.reshape(qkv, [n, h * w, 3, heads, c / heads]),
        [2, 0, 3, 1, 4],
      );
      const [q, k, v] = tf.unstack(split) as [
        tf.Tensor4D,
        tf.Tensor4D,
        tf.Tensor4D,
      ];
      // Queries and keys of unit RMS keep the logits bounded (Karras et al. 2024, §B.3).
      const unit = (a: tf.Tensor4D) =>
        tf.mul(a, tf.rsqrt(tf.add(tf.mean(tf.square(a), 3, true), 1e-4)));
      const logits = tf.mul(
        tf.matMul(unit(q), unit(k), false, true),
        1 / Math.sqrt(c / heads),
      );
      const mixed = tf.matMul(tf.softmax(logits), v);
      return tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [n, h, w, c]);
    },
  };
}
