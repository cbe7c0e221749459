/**
 * The emoji classifier whose features and answers the metrics use, written once for training and export.
 *
 * @module
 */

import type { Graph } from "../network/graph.ts";

/** What a feature network gives. */
export interface FeatureValues<T> {
  /** `[n, features]`. */
  features: T;
  /** `[n, labels]`; absent where the network knows no labels. */
  logits?: T;
}

/** Averages `[n, h, w, c]` over the pixels to `[n, c]`; each interpreter of a graph has its own way. */
export type Pool<T> = (x: T) => T;

/** Height and width of the pictures that the classifier sees. */
export const CLASSIFIER_SIZE = 32;

/** Length of the classifier's feature vector. */
export const CLASSIFIER_FEATURES = 64;

const WIDTHS = [32, 40, 56] as const;

/** Writes a residual network with about 0.13 M parameters into `graph`; `x` is `[n, 32, 32, 4]`. */
export function classifierNetwork<T>(
  graph: Graph<T>,
  pool: Pool<T>,
  x: T,
  labels: number,
): Required<FeatureValues<T>> {
  let h = graph.relu(graph.conv(x, "in", 16));
  WIDTHS.forEach((width, i) => {
    const name = `stage.${i}`;
    h = graph.conv(graph.spaceToDepth(h), `${name}.resample`, width, {
      kernel: 1,
    });
    let r = graph.relu(graph.groupNorm(h, `${name}.norm1`, width / 8));
    r = graph.conv(r, `${name}.conv1`, width, { bias: false });
    r = graph.relu(graph.groupNorm(r, `${name}.norm2`, width / 8));
    h = graph.add(h, graph.conv(r, `${name}.conv2`, width, { gain: 0 }));
  });
  h = graph.groupNorm(h, "out.norm", WIDTHS.at(-1)! / 8);
  h = graph.conv(h, "out.conv", CLASSIFIER_FEATURES, { kernel: 1 });
  const features = pool(graph.relu(h));
  return { features, logits: graph.dense(features, "head", labels) };
}
