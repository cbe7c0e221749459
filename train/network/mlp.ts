/**
 * A residual network without neighbours: every pixel by itself. For points in the plane and other data of one pixel.
 *
 * @module
 */

import type { Graph, NetworkInputs } from "./graph.ts";

/** Shape of the network. */
export interface MlpConfig {
  /** Which network this is. */
  type: "mlp";
  /** Channels of the pixel, in and out. */
  pictureChannels: number;
  /** Features of the hidden layers. */
  width: number;
  /** Residual blocks. */
  blocks: number;
  /** Frequencies of the level's Fourier features, in cycles per unit of what the network is told. */
  frequencies: readonly number[];
}

/** Writes the network into `graph` and returns its answer, of the shape of `x`; it knows no conditions. */
export function mlp<T>(
  graph: Graph<T>,
  { pictureChannels, width, blocks, frequencies }: MlpConfig,
  { x, level }: Pick<NetworkInputs<T>, "x" | "level">,
): T {
  const one = { kernel: 1 };
  const embedding = graph.silu(
    graph.dense(graph.fourier(level, frequencies), "embed", width),
  );
  let h = graph.conv(x, "in", width, one);
  for (let i = 0; i < blocks; i++) {
    let r = graph.conv(graph.silu(h), `block.${i}.conv1`, width, one);
    r = graph.shift(r, graph.dense(embedding, `block.${i}.shift`, width));
    r = graph.conv(graph.silu(r), `block.${i}.conv2`, width, {
      ...one,
      gain: 0,
    });
    h = graph.add(h, r);
  }
  return graph.conv(graph.silu(h), "out", pictureChannels, {
    ...one,
    gain: 0,
  });
}
