/**
 * Runs a network in TensorFlow.js, on whatever backend is set.
 *
 * @module
 */

import * as tf from "@tensorflow/tfjs";
import type { PhiloxSource } from "@emoji/diffusion/random";
import type { Kernels } from "../kernels.ts";
import type { Graph, LayerOptions, Parameter } from "./graph.ts";
import { dropoutMask } from "./dropout_mask.ts";
import { attention, linearAttention } from "./tensor_attention.ts";
import {
  batchNorm,
  depthwise,
  groupNorm,
  pixelNorm,
  unitWeights,
} from "./tensor_layers.ts";

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

/** Options for {@linkcode tensorGraph}. */
export interface TensorGraphOptions {
  /**
   * Whether batch normalisation goes by the batch.
   * @default {false}
   */
  training?: boolean;
  /**
   * One source of random numbers an example, from which it is drawn what {@linkcode Graph.dropout} leaves out.
   * @default {nothing is left out}
   */
  dropout?: readonly PhiloxSource[];
}

/** Creates an interpreter that computes with `weights`. Call inside `tf.tidy`. */
export function tensorGraph(
  weights: ReadonlyMap<string, tf.Tensor>,
  kernels: Kernels,
  { training = false, dropout: sources }: TensorGraphOptions = {},
): Graph<tf.Tensor> {
  function weight<T extends tf.Tensor>(name: string): T {
    const tensor = weights.get(name);
    if (!tensor) throw new Error(`Cannot find parameter ${name}`);
    return tensor as T;
  }

  function layer<T extends tf.Tensor>(
    name: string,
    { unit = false }: LayerOptions,
  ): T {
    const w = weight<T>(`${name}.weight`);
    return unit ? unitWeights(w) : w;
  }

  /** Computes in float32 what would lose too much below; only pictures are kept in less. */
  function inFull(x: tf.Tensor, f: (x: tf.Tensor4D) => tf.Tensor): tf.Tensor {
    return x.rank === 4
      ? kernels.lower(f(kernels.raise(x as tf.Tensor4D)))
      : f(x as tf.Tensor4D);
  }

  return {
    conv(x, name, _channels, options = {}) {
      const w = layer<tf.Tensor4D>(name, options);
      return options.bias ?? true
        ? kernels.conv(x as tf.Tensor4D, w, weight(`${name}.bias`))
        : kernels.conv(x as tf.Tensor4D, w);
    },
    dense(x, name, _features, options = {}) {
      const product = tf.matMul(x as tf.Tensor2D, layer(name, options));
      return options.bias ?? true
        ? kernels.bias(product, weight(`${name}.bias`))
        : product;
    },
    relu: (x) => kernels.relu(x),
    silu: (x) => inFull(x, (x) => tf.mul(x, tf.sigmoid(x))),
    gelu: (x) =>
      inFull(x, (x) => {
        const cdf = tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1);
        return tf.mul(tf.mul(x, 0.5), cdf);
      }),
    add: (x, y) => tf.add(x, y),
    scale: (x, factor) => inFull(x, (x) => tf.mul(x, factor)),
    gain: (x, name) => inFull(x, (x) => tf.mul(x, weight(name))),
    bias: (x, name) => kernels.bias(x, weight<tf.Tensor1D>(name)),
    concat: (x, y) => tf.concat([x, y], x.rank - 1),
    groupNorm: (x, name, groups) =>
      inFull(
        x,
        (x) =>
          groupNorm(x, groups, weight(`${name}.gain`), weight(`${name}.bias`)),
      ),
    batchNorm(x, name) {
      const weights = {
        gain: weight(`${name}.gain`),
        bias: weight(`${name}.bias`),
        mean: weight(`${name}.mean`),
        variance: weight(`${name}.variance`),
      };
      return training
        ? kernels.trainBatchNorm(x as tf.Tensor4D, weights)
        : inFull(x, (x) => batchNorm(x, weights));
    },
    pixelNorm: (x) => inFull(x, pixelNorm),
    depthwise: (x, name) =>
      inFull(x, (x) =>
        tf.add(
          depthwise(x, weight<tf.Tensor4D>(`${name}.weight`)),
          weight(`${name}.bias`),
        )),
    maxPool: (x) => kernels.maxPool(x as tf.Tensor4D),
    modulate: (x, scale, shift) =>
      kernels.modulate(
        x as tf.Tensor4D,
        scale as tf.Tensor2D,
        shift as tf.Tensor2D,
      ),
    shift: (x, shift) => kernels.shift(x as tf.Tensor4D, shift as tf.Tensor2D),
    canvas(x, name, like, channels) {
      const drawn = tf.matMul(x as tf.Tensor2D, weight(`${name}.weight`));
      const [, h, w] = like.shape as [number, number, number];
      return kernels.lower(tf.reshape(drawn, [-1, h, w, channels]));
    },
    dropout: (x, rate) =>
      sources && rate > 0
        ? inFull(x, (x) => tf.mul(x, dropoutMask(x.shape, rate, sources)))
        : x,
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
    attention: (qkv, heads) => inFull(qkv, (qkv) => attention(qkv, heads)),
    linearAttention: (qkv, heads) =>
      inFull(qkv, (qkv) => linearAttention(qkv, heads)),
  };
}
