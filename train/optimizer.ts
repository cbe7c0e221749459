/**
 * Optimisers on a range of the flat weight vector, in plain JavaScript: the same numbers on every backend, and each
 * worker takes its own share.
 *
 * @module
 */

import { STATISTIC } from "./network/parameters.ts";

/** The part of a vector from `from` to `to`. */
export interface Range {
  /** First index. */
  from: number;
  /** One past the last index. */
  to: number;
}

/** An optimiser and its numbers. */
export interface OptimizerConfig {
  /** AdamW (Loshchilov & Hutter 2019), Adam (Kingma & Ba 2015), RAdam (Liu et al. 2020) or Muon (Jordan et al. 2024). */
  type: "adamw" | "adam" | "radam" | "muon";
  /** Decay of the first moment. */
  beta1: number;
  /** Decay of the second moment. */
  beta2: number;
  /** Keeps the division finite. */
  epsilon: number;
  /** Weight decay: decoupled, and relative to the learning rate, but Adam's is added to the gradient. */
  weightDecay: number;
  /**
   * Momentum of the matrices that Muon moves.
   * @default {0.95}
   */
  momentum?: number;
}

/** What one step needs besides the vectors. */
export interface AdamwStep {
  /** Number of this step, from 1. */
  step: number;
  /** Learning rate of this step. */
  learningRate: number;
  /** Decay of the first moment. */
  beta1: number;
  /** Decay of the second moment. */
  beta2: number;
  /** Keeps the division finite. */
  epsilon: number;
  /** Decoupled weight decay, as a rate a step relative to the learning rate. */
  weightDecay: number;
  /**
   * Momentum of the matrices that Muon moves.
   * @default {0.95}
   */
  momentum?: number;
  /** Factor for the gradient, for clipping and averaging. */
  gradientScale: number;
}

/** Vectors that a step changes. */
export interface AdamwVectors {
  /** Weights. */
  weights: Float32Array;
  /** First moment. */
  moment1: Float32Array;
  /** Second moment. */
  moment2: Float32Array;
  /** 1 where weight decay applies, 2 where the number is a running statistic that is not learned, else 0. */
  decayMask: Uint8Array;
}

/** An optimiser: takes one step on `weights[from…to]`. */
export type Optimizer = (
  vectors: AdamwVectors,
  gradient: Float32Array,
  range: Range,
  options: AdamwStep,
) => void | Promise<void>;

/** AdamW (Loshchilov & Hutter 2019). */
export function adamw(
  vectors: AdamwVectors,
  gradient: Float32Array,
  range: Range,
  options: AdamwStep,
): void {
  adamStep(vectors, gradient, range, options, 1);
}

/** Adam (Kingma & Ba 2015); weight decay is part of the gradient, as in PyTorch. */
export function adam(
  vectors: AdamwVectors,
  gradient: Float32Array,
  range: Range,
  { weightDecay, ...options }: AdamwStep,
): void {
  const { weights, decayMask } = vectors;
  if (weightDecay > 0) {
    for (let i = range.from; i < range.to; i++) {
      if (decayMask[i] !== 1) continue;
      gradient[i]! += weightDecay * weights[i]! / options.gradientScale;
    }
  }
  adamw(vectors, gradient, range, { ...options, weightDecay: 0 });
}

/** RAdam (Liu et al. 2020): plain momentum until the variance of the second moment is known, with decoupled decay. */
export function radam(
  vectors: AdamwVectors,
  gradient: Float32Array,
  range: Range,
  options: AdamwStep,
): void {
  const { step, beta2 } = options;
  const longest = 2 / (1 - beta2) - 1;
  const length = longest - 2 * step * beta2 ** step / (1 - beta2 ** step);
  const rectification = length > 5
    ? Math.sqrt(
      (length - 4) * (length - 2) * longest /
        ((longest - 4) * (longest - 2) * length),
    )
    : undefined;
  adamStep(vectors, gradient, range, options, rectification);
}

/**
 * Moves the moments, and the weights against the first over the root of the second, `rectification` times as far; where
 * that is undefined against the first alone.
 */
function adamStep(
  { weights, moment1, moment2, decayMask }: AdamwVectors,
  gradient: Float32Array,
  { from, to }: Range,
  options: AdamwStep,
  rectification: number | undefined,
): void {
  const { step, learningRate, beta1, beta2, epsilon, gradientScale } = options;
  const rate = learningRate * (rectification ?? 1) / (1 - beta1 ** step);
  const root = 1 / Math.sqrt(1 - beta2 ** step);
  const keep = 1 - learningRate * options.weightDecay;
  const adaptive = rectification !== undefined;
  for (let i = from; i < to; i++) {
    if (decayMask[i] === STATISTIC) continue;
    const g = gradient[i]! * gradientScale;
    const m = beta1 * moment1[i]! + (1 - beta1) * g;
    const v = beta2 * moment2[i]! + (1 - beta2) * g * g;
    moment1[i] = m;
    moment2[i] = v;
    const kept = decayMask[i] ? weights[i]! * keep : weights[i]!;
    const scale = adaptive ? Math.sqrt(v) * root + epsilon : 1;
    weights[i] = kept - rate * m / scale;
  }
}

/** Moves running statistics by `rate` times their "gradient", the distance from what they are averages of. */
export function moveStatistics(
  { weights, decayMask }: Pick<AdamwVectors, "weights" | "decayMask">,
  gradient: Float32Array,
  { from, to }: Range,
  rate: number,
): void {
  for (let i = from; i < to; i++) {
    if (decayMask[i] === STATISTIC) weights[i]! -= rate * gradient[i]!;
  }
}
