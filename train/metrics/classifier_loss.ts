import * as tf from "@tensorflow/tfjs";
import type { Kernels } from "../kernels.ts";
import type { Parameter } from "../network/graph.ts";
import { splitParameters, tensorGraph } from "../network/tensor_graph.ts";
import { CLASSIFIER_SIZE, classifierNetwork } from "./classifier_network.ts";
import { LABEL_KINDS, labelCount, labelOffset, type Labels } from "./labels.ts";

/** Share of the probability spread over all values (Szegedy et al. 2016, §7). */
const SMOOTHING = 0.05;

/** Logits of pictures `[n, 32, 32, 4]`; call inside `tf.tidy`. */
export function classifierLogits(
  flat: tf.Tensor1D,
  parameters: readonly Parameter[],
  kernels: Kernels,
  pictures: tf.Tensor4D,
  labels: Labels,
): tf.Tensor2D {
  const graph = tensorGraph(splitParameters(flat, parameters), kernels);
  const pool = (x: tf.Tensor) => tf.mean(x, [1, 2]);
  return classifierNetwork(graph, pool, pictures, labelCount(labels))
    .logits as tf.Tensor2D;
}

/** Mean cross entropy of all kinds of label; `targets` is `[n, labels]` with one 1 a kind. */
export function classifierLoss(
  logits: tf.Tensor2D,
  targets: tf.Tensor2D,
  labels: Labels,
): tf.Scalar {
  const losses = LABEL_KINDS.map((kind) => {
    const offset = labelOffset(labels, kind);
    const size = labels[kind].length;
    const part = (x: tf.Tensor2D) => tf.slice(x, [0, offset], [-1, size]);
    const wanted = tf.add(
      tf.mul(part(targets), 1 - SMOOTHING),
      SMOOTHING / size,
    );
    const entropy = tf.neg(
      tf.sum(tf.mul(wanted, tf.logSoftmax(part(logits))), 1),
    );
    return tf.mean(entropy);
  });
  return tf.addN(losses) as tf.Scalar;
}

/** Sizes of the pictures that {@linkcode classifierLogits} takes. */
export function pictureShape(
  count: number,
): [number, number, number, number] {
  return [count, CLASSIFIER_SIZE, CLASSIFIER_SIZE, 4];
}
