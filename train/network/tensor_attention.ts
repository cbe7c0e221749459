/**
 * Self-attention over the pixels of a picture, in TensorFlow.js.
 *
 * @module
 */

import * as tf from "@tensorflow/tfjs";
import { pixelNorm } from "./tensor_layers.ts";

type Heads = [query: tf.Tensor4D, key: tf.Tensor4D, value: tf.Tensor4D];

/** `[n, h, w, 3c]` to queries, keys and values, each `[n, heads, pixels, c/heads]`. */
function splitHeads(qkv: tf.Tensor4D, heads: number): Heads {
  const [n, h, w, c3] = qkv.shape;
  const split = tf.reshape(qkv, [n, h * w, 3, heads, c3 / 3 / heads]);
  return tf.unstack(tf.transpose(split, [2, 0, 3, 1, 4])) as Heads;
}

/** `[n, heads, pixels, c/heads]` to `[n, h, w, c]`. */
function joinHeads(x: tf.Tensor, [n, h, w]: number[]): tf.Tensor {
  return tf.reshape(tf.transpose(x, [0, 2, 1, 3]), [n!, h!, w!, -1]);
}

/** Dot-product attention; queries and keys of unit RMS keep the logits bounded (Karras et al. 2024, §B.3). */
export function attention(qkv: tf.Tensor4D, heads: number): tf.Tensor {
  const [q, k, v] = splitHeads(qkv, heads);
  const logits = tf.mul(
    tf.matMul(pixelNorm(q), pixelNorm(k), false, true),
    1 / Math.sqrt(q.shape[3]),
  );
  return joinHeads(tf.matMul(tf.softmax(logits), v), qkv.shape);
}

/** Efficient attention (Shen et al. 2021): keys weigh the values once for all queries. */
export function linearAttention(qkv: tf.Tensor4D, heads: number): tf.Tensor {
  const [q, k, v] = splitHeads(qkv, heads);
  const weights = tf.softmax(tf.transpose(k, [0, 1, 3, 2]));
  const context = tf.matMul(weights, v);
  const queries = tf.mul(tf.softmax(q), 1 / Math.sqrt(q.shape[3]));
  return joinHeads(tf.matMul(queries, context), qkv.shape);
}
