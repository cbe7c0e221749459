/**
 * The plain U-Net of the emoji notebook: single convolutions with batch normalisation, max-pooling, 2×2 transposed
 * convolutions, and the input once more before the last convolution. 0.94 M parameters with its channels 64, 128, 256.
 *
 * @module
 */

import type { Graph, NetworkInputs } from "./graph.ts";

/** Shape of the network. */
export interface PlainUnetConfig {
  /** Which network this is. */
  type: "plain-unet";
  /** Channels of the picture, in and out. */
  pictureChannels: number;
  /** Channels at the three resolutions, finest first. */
  channels: readonly [number, number, number];
  /** Hidden features of the level's embedding. */
  embedding: number;
  /** The level is divided by this before it is embedded. */
  levels: number;
  /**
   * Whether the embedding of the level is left out, as in the notebook, where its addition is commented out.
   * @default {false}
   */
  deaf?: boolean;
}

/** PyTorch's initial weights: uniform within 1/√fan-in. */
const TORCH = { gain: 1 / Math.sqrt(3), uniform: true };

/** Writes the network into `graph` and returns its answer, of the shape of `x`; it knows no conditions. */
export function plainUnet<T>(
  graph: Graph<T>,
  config: PlainUnetConfig,
  { x, level }: Pick<NetworkInputs<T>, "x" | "level">,
): T {
  const [fine, middle, coarse] = config.channels;
  const block = (h: T, name: string, width: number) =>
    graph.relu(graph.batchNorm(
      graph.conv(h, `${name}.conv`, width, TORCH),
      `${name}.norm`,
    ));
  // A transposed 2×2 convolution of stride 2 is a 1×1 convolution to four times the channels, laid out as pixels.
  // PyTorch counts its four taps and outputs as the fan-in.
  const grow = (h: T, name: string, from: number, width: number) => {
    const deviation = TORCH.gain / Math.sqrt(4 * width);
    const taps = graph.conv(h, `${name}.grow`, 4 * width, {
      ...TORCH,
      gain: deviation * Math.sqrt(from),
      kernel: 1,
      bias: false,
    });
    return graph.bias(graph.depthToSpace(taps), `${name}.bias`, deviation);
  };

  const time = graph.scale(level, 1 / config.levels);
  const hidden = graph.gelu(
    graph.dense(time, "embed.in", config.embedding, TORCH),
  );
  const embedding = graph.gelu(graph.dense(hidden, "embed.out", coarse, TORCH));

  const a = block(x, "down.0", fine);
  const b = block(graph.maxPool(a), "down.1", middle);
  let h = block(graph.maxPool(b), "middle", coarse);
  if (!config.deaf) h = graph.shift(h, embedding);
  h = block(graph.concat(grow(h, "up.1", coarse, middle), b), "up.1", middle);
  h = block(graph.concat(grow(h, "up.0", middle, fine), a), "up.0", fine);
  return graph.conv(graph.concat(h, x), "out", config.pictureChannels, {
    ...TORCH,
    kernel: 1,
  });
}
