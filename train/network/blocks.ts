/**
 * Residual blocks of the U-Net. Each starts as the identity, or near it.
 *
 * @module
 */

import type { Graph } from "./graph.ts";

/** What a block is built from. */
export interface BlockContext<T> {
  /** The vocabulary. */
  graph: Graph<T>;
  /** Embedding of level and condition: `[n, features]`. */
  embedding: T;
  /** Nonlinearity. */
  activation: "relu" | "silu" | "gelu";
  /** Normalisation before each nonlinearity. */
  norm: "none" | "group" | "pixel";
  /** How the embedding enters. */
  modulation: "scale-shift" | "shift";
  /** Share of the numbers that are left out before a block's last convolution while it learns. */
  dropout: number;
}

/** Name and size of a block. */
export interface BlockPlace {
  /** Begin of its parameters' names. */
  name: string;
  /** Channels in and out. */
  width: number;
}

/** Writes a block. */
export type Block = <T>(
  context: BlockContext<T>,
  h: T,
  place: BlockPlace,
) => T;

/** Normalisation groups hold 16 channels each where that divides. */
export function groupsOf(channels: number): number {
  return Math.max(1, Math.floor(channels / 16));
}

function normalize<T>(
  { graph, norm }: BlockContext<T>,
  h: T,
  name: string,
  width: number,
): T {
  if (norm === "none") return h;
  return norm === "pixel"
    ? graph.pixelNorm(h)
    : graph.groupNorm(h, name, groupsOf(width));
}

function inject<T>(
  { graph, embedding, modulation }: BlockContext<T>,
  h: T,
  { name, width }: BlockPlace,
): T {
  if (modulation === "shift") {
    return graph.shift(h, graph.dense(embedding, `${name}.shift`, width));
  }
  const both = graph.dense(embedding, `${name}.modulate`, 2 * width, {
    gain: 0,
  });
  const [scale, shift] = graph.split(both, 2);
  return graph.modulate(h, scale!, shift!);
}

/** Pre-activation block (He et al. 2016) with the embedding between its convolutions. */
function residual<T>(context: BlockContext<T>, h: T, place: BlockPlace): T {
  const { graph, activation } = context;
  const { name, width } = place;
  let r = graph[activation](normalize(context, h, `${name}.norm1`, width));
  r = graph.conv(r, `${name}.conv1`, width, { bias: false });
  r = inject(context, r, place);
  r = graph[activation](normalize(context, r, `${name}.norm2`, width));
  r = graph.dropout(r, context.dropout);
  return graph.add(h, graph.conv(r, `${name}.conv2`, width, { gain: 0 }));
}

/** Block after BigGAN (Brock et al. 2019): scale and shift follow the second group normalisation (Nichol & Dhariwal 2021). */
function biggan<T>(context: BlockContext<T>, h: T, place: BlockPlace): T {
  const { graph, activation } = context;
  const { name, width } = place;
  const groups = groupsOf(width);
  let r = graph[activation](graph.groupNorm(h, `${name}.norm1`, groups));
  r = graph.conv(r, `${name}.conv1`, width);
  r = inject(context, graph.groupNorm(r, `${name}.norm2`, groups), place);
  r = graph.dropout(graph[activation](r), context.dropout);
  r = graph.conv(r, `${name}.conv2`, width, { gain: 0 });
  return graph.add(h, r);
}

/** ConvNeXt block (Liu et al. 2022) as the annotated diffusion model has it: 7×7 depthwise, then 3×3 through twice the channels. */
function convnext<T>(context: BlockContext<T>, h: T, place: BlockPlace): T {
  const { graph } = context;
  const { name, width } = place;
  let r = inject(context, graph.depthwise(h, `${name}.depthwise`, 7), place);
  r = graph.conv(
    graph.groupNorm(r, `${name}.norm1`, 1),
    `${name}.conv1`,
    2 * width,
  );
  r = graph.groupNorm(graph.gelu(r), `${name}.norm2`, 1);
  r = graph.dropout(r, context.dropout);
  return graph.add(h, graph.conv(r, `${name}.conv2`, width, { gain: 0 }));
}

/** Deviation of SiLU's output for normal input. */
const SILU_DEVIATION = 0.596;
/** Weight of the block's own branch. */
const BRANCH = 0.3;

/** Magnitude-preserving block (Karras et al. 2024, §2.3–2.5): nothing learned can change the size of what flows through. */
function magnitude<T>(context: BlockContext<T>, h: T, place: BlockPlace): T {
  const { graph, embedding } = context;
  const { name, width } = place;
  const unit = { bias: false, unit: true };
  const act = (x: T) => graph.scale(graph.silu(x), 1 / SILU_DEVIATION);
  const normal = graph.pixelNorm(h);
  const gain = graph.gain(
    graph.dense(embedding, `${name}.modulate`, width, unit),
    `${name}.gain`,
    0,
  );
  let r = graph.conv(act(normal), `${name}.conv1`, width, unit);
  r = graph.modulate(r, gain, graph.scale(gain, 0));
  r = graph.dropout(act(r), context.dropout);
  r = graph.conv(r, `${name}.conv2`, width, unit);
  const norm = Math.hypot(1 - BRANCH, BRANCH);
  return graph.add(
    graph.scale(normal, (1 - BRANCH) / norm),
    graph.scale(r, BRANCH / norm),
  );
}

/** Blocks by name. */
export const BLOCKS = {
  residual,
  biggan,
  convnext,
  magnitude,
} as const satisfies Record<string, Block>;

/** Kind of block. */
export type BlockName = keyof typeof BLOCKS;
