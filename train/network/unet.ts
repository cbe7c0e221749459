/**
 * A residual U-Net (Ronneberger et al. 2015; Ho et al. 2020) for small pictures: no striding and no transposed
 * convolution, resolution changes by space-to-depth and depth-to-space, which cost almost nothing at the edge.
 *
 * @module
 */

import { type BlockName, BLOCKS, groupsOf } from "./blocks.ts";
import type { Graph, NetworkInputs } from "./graph.ts";

/** Shape of the network. */
export interface UnetConfig {
  /** Which network this is. */
  type: "unet";
  /** Channels of the picture. */
  pictureChannels: number;
  /**
   * Channels of the input, where they are more than the picture's.
   * @default {pictureChannels}
   */
  inputChannels?: number;
  /**
   * Channels of the answer, where they are more than the picture's.
   * @default {pictureChannels}
   */
  outputChannels?: number;
  /** Channels at each resolution, finest first. */
  channels: readonly number[];
  /** Residual blocks at each resolution, once on the way down and once on the way up. */
  blocks: readonly number[];
  /** Residual blocks at the coarsest resolution, between the two ways. */
  middleBlocks: number;
  /**
   * Kind of block.
   * @default {"residual"}
   */
  block?: BlockName;
  /** Size of the embedding of level and condition. */
  embedding: number;
  /**
   * Whether nothing can be asked of the network.
   * @default {false}
   */
  unconditional?: boolean;
  /** Frequencies of the level's Fourier features, in cycles per unit of what the network is told. */
  frequencies: readonly number[];
  /** Nonlinearity. */
  activation: "relu" | "silu" | "gelu";
  /** Normalisation before each nonlinearity of a block. */
  norm: "none" | "group" | "pixel";
  /** How the embedding enters a residual block. */
  modulation: "scale-shift" | "shift";
  /** Resolutions (indices into `channels`) that attend to themselves after each block. */
  attention: readonly number[];
  /**
   * Resolutions that do so at a cost linear in their pixels.
   * @default {[]}
   */
  linearAttention?: readonly number[];
  /**
   * Channels of a picture of the coarsest resolution that is drawn from the embedding alone: what is asked for has a
   * say in where things are, not only in how channels are scaled. 0 for none.
   * @default {0}
   */
  canvas?: number;
  /**
   * Features of a hidden layer of its own through which the canvas is drawn as well: room to know what things look like
   * that cannot be told from what their words mean by themselves, at almost no cost.
   * @default {0}
   */
  canvasHidden?: number;
  /**
   * Share of the numbers that a block leaves out before its last convolution while it learns.
   * @default {0}
   */
  dropout?: number;
  /**
   * Width of the squares of pixels that the network sees as one, a power of 2.
   * @default {1}
   */
  patch?: number;
}

/** Writes the network into `graph` and returns its answer: `[n, h, w, outputChannels]`. */
export function unet<T>(
  graph: Graph<T>,
  config: UnetConfig,
  { x, level, condition }: NetworkInputs<T>,
): T {
  const { channels, blocks, patch = 1 } = config;
  const context = {
    graph,
    activation: config.activation,
    norm: config.norm,
    modulation: config.modulation,
    dropout: config.dropout ?? 0,
  };
  const writeBlock = BLOCKS[config.block ?? "residual"];
  const unit = config.block === "magnitude";
  const act = (value: T) => graph[config.activation](value);

  // One embedding of level and condition for all blocks.
  const features = graph.fourier(level, config.frequencies);
  const told = graph.dense(features, "embed.level", config.embedding);
  const asked = config.unconditional ? told : graph.add(
    told,
    graph.dense(condition, "embed.condition", config.embedding, {
      bias: false,
      gain: 10,
    }),
  );
  const embedding = act(
    graph.dense(act(asked), "embed.out", config.embedding),
  );

  function attend(h: T, name: string, width: number, linear: boolean): T {
    const qkv = graph.conv(
      graph.groupNorm(h, `${name}.norm`, groupsOf(width)),
      `${name}.qkv`,
      3 * width,
      { kernel: 1, bias: false },
    );
    const heads = Math.max(1, Math.floor(width / 64));
    const out = linear
      ? graph.linearAttention(qkv, heads)
      : graph.attention(qkv, heads);
    return graph.add(
      h,
      graph.conv(out, `${name}.out`, width, { kernel: 1, gain: 0 }),
    );
  }

  function drawCanvas(like: T, canvas: number): T {
    const drawn = graph.canvas(embedding, "canvas", like, canvas);
    if (!config.canvasHidden) return drawn;
    const hidden = graph.dense(
      act(asked),
      "canvas.hidden",
      config.canvasHidden,
    );
    return graph.add(
      drawn,
      graph.canvas(act(hidden), "canvas.hidden.out", like, canvas, { gain: 0 }),
    );
  }

  function stage(h: T, name: string, index: number, count: number): T {
    const width = channels[index]!;
    for (let i = 0; i < count; i++) {
      const block = { name: `${name}.${index}.block.${i}`, width };
      h = writeBlock({ ...context, embedding }, h, block);
      const linear = config.linearAttention?.includes(index) ?? false;
      if (linear || config.attention.includes(index)) {
        h = attend(h, `${name}.${index}.attention.${i}`, width, linear);
      }
    }
    return h;
  }

  for (let p = patch; p > 1; p /= 2) x = graph.spaceToDepth(x);
  let h = graph.conv(x, "in", channels[0]!, unit ? { unit } : {});
  const skips: T[] = [];
  const last = channels.length - 1;
  for (let i = 0; i < last; i++) {
    h = stage(h, "down", i, blocks[i]!);
    skips.push(h);
    h = graph.conv(
      graph.spaceToDepth(h),
      `down.${i}.resample`,
      channels[i + 1]!,
      { kernel: 1, unit },
    );
  }
  if (config.canvas) {
    const drawn = act(drawCanvas(h, config.canvas));
    h = graph.add(
      h,
      graph.conv(drawn, "canvas.out", channels[last]!, { kernel: 1, gain: 0 }),
    );
  }
  h = stage(h, "down", last, blocks[last]!);
  h = stage(h, "middle", last, config.middleBlocks);
  h = stage(h, "up", last, blocks[last]!);
  for (let i = last - 1; i >= 0; i--) {
    // A 1×1 convolution over [h, skip], written as the sum of two, which needs no concatenation.
    const up = graph.conv(h, `up.${i}.resample`, 4 * channels[i]!, {
      kernel: 1,
      unit,
    });
    const skip = graph.conv(skips[i]!, `up.${i}.skip`, channels[i]!, {
      kernel: 1,
      bias: false,
      unit,
    });
    const sum = graph.add(graph.depthToSpace(up), skip);
    h = stage(
      unit ? graph.scale(sum, Math.SQRT1_2) : sum,
      "up",
      i,
      blocks[i]!,
    );
  }
  if (config.norm === "group") {
    h = graph.groupNorm(h, "out.norm", groupsOf(channels[0]!));
  }
  const { outputChannels = config.pictureChannels } = config;
  h = graph.conv(act(h), "out", outputChannels * patch ** 2, { gain: 0 });
  for (let p = patch; p > 1; p /= 2) h = graph.depthToSpace(h);
  return h;
}
