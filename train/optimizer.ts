/**
 * AdamW (Loshchilov & Hutter 2019) on a range of the flat weight vector, in plain JavaScript: the same numbers on every
 * backend, and each worker takes its own share.
 *
 * @module
 */

/** The part of a vector from `from` to `to`. */
export interface Range {
  /** First index. */
  from: number;
  /** One past the last index. */
  to: number;
}

/** What one step of {@linkcode adamw} needs besides the vectors. */
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
  /** Factor for the gradient, for clipping and averaging. */
  gradientScale: number;
}

/** Vectors that {@linkcode adamw} changes. */
export interface AdamwVectors {
  /** Weights. */
  weights: Float32Array;
  /** First moment. */
  moment1: Float32Array;
  /** Second moment. */
  moment2: Float32Array;
  /** 1 where weight decay applies, else 0. */
  decayMask: Uint8Array;
}

/** Takes one step on `weights[from…to]`. */
export function adamw(
  { weights, moment1, moment2, decayMask }: AdamwVectors,
  gradient: Float32Array,
  { from, to }: Range,
  options: AdamwStep,
): void {
  const { step, learningRate, beta1, beta2, epsilon, gradientScale } = options;
  const rate = learningRate / (1 - beta1 ** step);
  const root = 1 / Math.sqrt(1 - beta2 ** step);
  const keep = 1 - learningRate * options.weightDecay;
  for (let i = from; i < to; i++) {
    const g = gradient[i]! * gradientScale;
    const m = beta1 * moment1[i]! + (1 - beta1) * g;
    const v = beta2 * moment2[i]! + (1 - beta2) * g * g;
    moment1[i] = m;
    moment2[i] = v;
    const kept = decayMask[i] ? weights[i]! * keep : weights[i]!;
    weights[i] = kept - rate * m / (Math.sqrt(v) * root + epsilon);
  }
}
