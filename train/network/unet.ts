/**
 * A residual U-Net (Ronneberger et al. 2015; Ho et al. 2020) for small pictures: no striding and no transposed
 * convolution, resolution changes by space-to-depth and depth-to-space, which cost almost nothing at the edge.
 *
 * @module
 */

import type { Graph, NetworkInputs } from "./graph.ts";

/** Shape of the network. */
export interface UnetConfig {
  /** Channels of the picture, in and out. */
  pictureChannels: number;
  /** Channels at each resolution, finest first. */
  channels: readonly number[];
  /** Residual blocks at each resolution, once on the way down and once on the way up. */
  blocks: readonly number[];
  /** Residual blocks at the coarsest resolution, between the two ways. */
  middleBlocks: number;
  /** Size of the embedding of level and condition. */
  embedding: number;
  /** Frequencies of the level's Fourier features, in cycles per unit of c_noise. */
  frequencies: readonly number[];
  /** Nonlinearity. */
  activation: "relu" | "silu";
  /** Normalisation before each nonlinearity of a block. */
  norm: "none" | "group";
  /** How the embedding enters a block. */
  modulation: "scale-shift" | "shift";
  /** Resolutions (indices into `channels`) that attend to themselves after each block. */
  attention: readonly number[];
}

/** Normalisation groups hold 16 channels each where that divides. */
function groups(channels: number): number {
  return Math.max(1, Math.floor(channels / 16));
}

/** Writes the network into `graph` and returns F: `[n, h, w, pictureChannels]`. */
export function unet<T>(
  graph: Graph<T>,
  config: UnetConfig,
  { x, level, condition }: NetworkInputs<T>,
): T {
  const { channels, blocks } = config;
  const act = (value: T) =>
    config.activation === "relu" ? graph.relu(value) : graph.silu(value);
  const normAct = (value: T, name: string, width: number) =>
    act(
      config.norm === "none"
        ? value
        : graph.groupNorm(value, name, groups(width)),
    );

  // One embedding of level and condition for all blocks.
  const features = graph.fourier(level, config.frequencies);
  const embedding = act(graph.dense(
    act(graph.add(
      graph.dense(features, "embed.level", config.embedding),
      graph.dense(condition, "embed.condition", config.embedding, {
        bias: false,
        gain: 10,
      }),
    )),
    "embed.out",
    config.embedding,
  ));

  function inject(h: T, name: string, width: number): T {
    if (config.modulation === "shift") {
      return graph.shift(h, graph.dense(embedding, `${name}.shift`, width));
    }
    const both = graph.dense(embedding, `${name}.modulate`, 2 * width, {
      gain: 0,
    });
    const [scale, shift] = graph.split(both, 2);
    return graph.modulate(h, scale!, shift!);
  }

  /** Residual block: the second convolution starts at zero, so that the block starts as the identity. */
  function block(h: T, name: string, width: number): T {
    let r = normAct(h, `${name}.norm1`, width);
    r = graph.conv(r, `${name}.conv1`, width, { bias: false });
    r = inject(r, name, width);
    r = normAct(r, `${name}.norm2`, width);
    return graph.add(h, graph.conv(r, `${name}.conv2`, width, { gain: 0 }));
  }

  function attend(h: T, name: string, width: number): T {
    const qkv = graph.conv(
      graph.groupNorm(h, `${name}.norm`, groups(width)),
      `${name}.qkv`,
      3 * width,
      { kernel: 1, bias: false },
    );
    const heads = Math.max(1, Math.floor(width / 64));
    const out = graph.attention(qkv, heads);
    return graph.add(
      h,
      graph.conv(out, `${name}.out`, width, { kernel: 1, gain: 0 }),
    );
  }

  function stage(h: T, name: string, index: number, count: number): T {
    for (let i = 0; i < count; i++) {
      h = block(h, `${name}.${index}.block.${i}`, channels[index]!);
      if (config.attention.includes(index)) {
        h = attend(h, `${name}.${index}.attention.${i}`, channels[index]!);
      }
    }
    return h;
  }

  let h = graph.conv(x, "in", channels[0]!);
  const skips: T[] = [];
  const last = channels.length - 1;
  for (let i = 0; i < last; i++) {
    h = stage(h, "down", i, blocks[i]!);
    skips.push(h);
    h = graph.conv(
      graph.spaceToDepth(h),
      `down.${i}.resample`,
      channels[i + 1]!,
      {
        kernel: 1,
      },
    );
  }
  h = stage(h, "down", last, blocks[last]!);
  h = stage(h, "middle", last, config.middleBlocks);
  h = stage(h, "up", last, blocks[last]!);
  for (let i = last - 1; i >= 0; i--) {
    // A 1×1 convolution over [h, skip], written as the sum of two, which needs no concatenation.
    const up = graph.conv(h, `up.${i}.resample`, 4 * channels[i]!, {
      kernel: 1,
    });
    const skip = graph.conv(skips[i]!, `up.${i}.skip`, channels[i]!, {
      kernel: 1,
      bias: false,
    });
    h = stage(graph.add(graph.depthToSpace(up), skip), "up", i, blocks[i]!);
  }
  return graph.conv(
    normAct(h, "out.norm", channels[0]!),
    "out",
    config.pictureChannels,
    {
      gain: 0,
    },
  );
}
