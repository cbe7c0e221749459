/**
 * The vocabulary in which a network is written once. Three interpreters read it: {@linkcode "./shape_graph.ts"} lists
 * the parameters and counts the work, {@linkcode "./tensor_graph.ts"} runs it in TensorFlow.js, and
 * {@linkcode "../onnx/onnx_graph.ts"} writes the ONNX file. So export cannot drift from training.
 *
 * Pictures are `[n, height, width, channels]` to the writer of a network, whatever an interpreter stores.
 *
 * @module
 */

/** How a parameter starts. */
export interface Init {
  /** Standard deviation; 0 for a constant. */
  std: number;
  /** Mean, or the constant. */
  mean: number;
  /**
   * Whether the distribution is uniform, not normal.
   * @default {false}
   */
  uniform?: boolean;
}

/** A named array of weights. */
export interface Parameter {
  /** Dotted path, for example "down.0.block.0.conv1.weight". */
  name: string;
  /** Sizes in TensorFlow's order: `[height, width, in, out]` for a convolution, `[in, out]` for a dense layer. */
  shape: number[];
  /** Starting values. */
  init: Init;
  /** Whether weight decay applies (weights, not biases or gains). */
  decay: boolean;
  /**
   * Whether it is a running statistic of the training pictures and not learned.
   * @default {false}
   */
  statistic?: boolean;
}

/** Options for {@linkcode Graph.conv} and {@linkcode Graph.dense}. */
export interface LayerOptions {
  /**
   * Width of the square kernel; padding keeps the size. Convolutions only.
   * @default {3}
   */
  kernel?: number;
  /**
   * Standard deviation of the weights times √fan-in; 0 starts the layer at zero.
   * @default {1}
   */
  gain?: number;
  /**
   * Whether weights start uniformly distributed, and the bias with their deviation and not at 0, as in PyTorch.
   * @default {false}
   */
  uniform?: boolean;
  /**
   * Whether to add a bias.
   * @default {true}
   */
  bias?: boolean;
  /**
   * Whether the weights that lead to one output are scaled to norm 1, so that the layer keeps the magnitude of its
   * input (Karras et al. 2024, §2.3).
   * @default {false}
   */
  unit?: boolean;
}

/** What a network is built from; `T` is a value of the interpreter. */
export interface Graph<T> {
  /** Convolution with stride 1. */
  conv(x: T, name: string, channels: number, options?: LayerOptions): T;
  /** `x·W + b` on `[n, features]`. */
  dense(x: T, name: string, features: number, options?: LayerOptions): T;
  /** max(x, 0). */
  relu(x: T): T;
  /** x·sigmoid(x). */
  silu(x: T): T;
  /** x·Φ(x), with the exact normal distribution function (Hendrycks & Gimpel 2016). */
  gelu(x: T): T;
  /** Sum of two values of one shape. */
  add(x: T, y: T): T;
  /** Product with a constant. */
  scale(x: T, factor: number): T;
  /** Product with one learned number that starts at `start`. */
  gain(x: T, name: string, start: number): T;
  /** Adds one learned bias a channel, which starts uniformly distributed with a standard deviation (default 0). */
  bias(x: T, name: string, deviation?: number): T;
  /** Joins along the channels. */
  concat(x: T, y: T): T;
  /** Group normalisation (Wu & He 2018) with learned gain and bias a channel. */
  groupNorm(x: T, name: string, groups: number): T;
  /**
   * Batch normalisation (Ioffe & Szegedy 2015) with learned gain and bias a channel: by the moments of the batch while
   * training, by their running averages afterwards.
   */
  batchNorm(x: T, name: string): T;
  /** Divides each pixel by the root mean square of its channels (Karras et al. 2018). */
  pixelNorm(x: T): T;
  /** Convolution of each channel by itself, stride 1, odd `kernel`, with bias. */
  depthwise(x: T, name: string, kernel: number): T;
  /** Largest of each 2×2 pixels. */
  maxPool(x: T): T;
  /** `x·(1 + scale) + shift`, with one scale and shift a picture and channel: both `[n, channels]`. */
  modulate(x: T, scale: T, shift: T): T;
  /** `x + shift` with one shift a picture and channel: `[n, channels]`. */
  shift(x: T, shift: T): T;
  /** A learned linear picture of `[n, features]`, as high and wide as `like`, with `channels`; no bias. */
  canvas(
    x: T,
    name: string,
    like: T,
    channels: number,
    options?: Pick<LayerOptions, "gain">,
  ): T;
  /**
   * Only while training: sets a share `rate` of the numbers to 0 and scales the others so that the mean stays
   * (Srivastava et al. 2014).
   */
  dropout(x: T, rate: number): T;
  /** Splits `[n, features]` into equal parts. */
  split(x: T, parts: number): T[];
  /** 2×2 pixels into channels: `[n, h, w, c]` to `[n, h/2, w/2, 4c]`. */
  spaceToDepth(x: T): T;
  /** The inverse of {@linkcode Graph.spaceToDepth}. */
  depthToSpace(x: T): T;
  /** cos and sin of `2π·x·frequency`: `[n, 1]` to `[n, 2·frequencies]`. */
  fourier(x: T, frequencies: readonly number[]): T;
  /** Dot-product self-attention over the pixels with normalised queries and keys; `x` is `[n, h, w, 3c]`, the result `[n, h, w, c]`. */
  attention(qkv: T, heads: number): T;
  /** Attention whose cost grows with the pixels, not their square (Shen et al. 2021); shapes as for {@linkcode Graph.attention}. */
  linearAttention(qkv: T, heads: number): T;
}

/** Added to the variance in group and batch normalisation. */
export const NORM_EPSILON = 1e-5;

/** Added to the square of what is scaled to norm 1, which keeps zeros finite. */
export const UNIT_EPSILON = 1e-4;

/** Running averages move this far towards the moments of a batch, as in PyTorch. */
export const STATISTIC_MOMENTUM = 0.1;

/** What every network here is given. */
export interface NetworkInputs<T> {
  /** Noisy picture, already scaled by c_in: `[n, h, w, channels]`. */
  x: T;
  /** c_noise: `[n, 1]`. */
  level: T;
  /** Condition vector: `[n, K]`. */
  condition: T;
}
