/**
 * A convolutional network that never learned anything: random embeddings compare pictures far from photographs more
 * fairly than networks trained on photographs do (Naeem et al. 2020, arXiv 2002.09797, §4).
 *
 * @module
 */

import type { Graph } from "../network/graph.ts";
import type { FeatureValues, Pool } from "./classifier_network.ts";

/** Seed of its weights: published figures hold for this one alone. */
export const RANDOM_NETWORK_SEED = 2002_09797;

/** Channels of the resolutions; the last serves all below the third. */
const WIDTHS = [24, 32, 64] as const;

/** Keeps the variance of what follows a rectifier (He et al. 2015). */
const GAIN = Math.SQRT2;

/**
 * Writes the network into `graph`: a convolution a resolution, halved until one pixel is left that sees the whole
 * layout. The features are the means of the resolutions from 8×8 down, and that pixel: texture, parts, layout.
 *
 * @param x Pictures `[n, size, size, 4]`.
 * @param size A power of two of at least 8.
 */
export function randomNetwork<T>(
  graph: Graph<T>,
  pool: Pool<T>,
  x: T,
  size: number,
): FeatureValues<T> {
  if (size < 8 || !Number.isInteger(Math.log2(size))) {
    throw new RangeError(
      `Cannot embed pictures as their size must be a power of two of at least 8: current value is ${size}`,
    );
  }
  let h = x;
  let features: T | undefined;
  for (let level = 0; size >= 2 ** level; level++) {
    const s = size / 2 ** level;
    if (level > 0) h = graph.spaceToDepth(h);
    const width = WIDTHS[Math.min(level, WIDTHS.length - 1)]!;
    const kernel = s >= 4 ? 3 : 1;
    h = graph.relu(
      graph.conv(h, `level.${level}`, width, { kernel, gain: GAIN }),
    );
    if (s > 8 || s === 2) continue;
    const mean = pool(h);
    features = features === undefined ? mean : graph.concat(features, mean);
  }
  return { features: features! };
}
