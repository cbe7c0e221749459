import { philoxNoise } from "@emoji/diffusion/random";
import { takeVectors, type Vectors } from "./vectors.ts";

/** Options for {@linkcode kernelDistance}. */
export interface KernelDistanceOptions {
  /**
   * How many pairs of random subsets are compared.
   * @default {20}
   */
  subsets?: number;
  /**
   * Vectors in a subset, at most as many as there are.
   * @default {500}
   */
  subsetSize?: number;
  /**
   * Seed of the subsets.
   * @default {0}
   */
  seed?: number;
}

/** A figure over random subsets. */
export interface Estimate {
  /** Mean. */
  readonly mean: number;
  /** Standard deviation between subsets. */
  readonly sd: number;
}

/**
 * Kernel distance, the KID of Bińkowski et al. (2018, arXiv 1801.01401): the unbiased estimate of the squared maximum
 * mean discrepancy under the kernel (x·y / d + 1)³. Its expectation is 0 for equal distributions, so it may be negative.
 */
export function kernelDistance(
  a: Vectors,
  b: Vectors,
  options: KernelDistanceOptions = {},
): Estimate {
  const { subsets = 20, subsetSize = 500, seed = 0 } = options;
  const random = philoxNoise(seed);
  const distances = Array.from({ length: subsets }, (_, i) =>
    squaredMmd(
      subset(a, subsetSize, random.split(2 * i)),
      subset(b, subsetSize, random.split(2 * i + 1)),
    ));
  const mean = distances.reduce((sum, d) => sum + d, 0) / subsets;
  const square = distances.reduce((sum, d) => sum + (d - mean) ** 2, 0);
  return { mean, sd: Math.sqrt(square / Math.max(1, subsets - 1)) };
}

/** Unbiased squared maximum mean discrepancy (Gretton et al. 2012, eq. 3) under the cubic kernel. */
export function squaredMmd(a: Vectors, b: Vectors): number {
  return withinMean(a) + withinMean(b) - 2 * betweenMean(a, b);
}

function withinMean(x: Vectors): number {
  let sum = 0;
  for (let i = 0; i < x.count; i++) {
    for (let j = 0; j < i; j++) sum += kernel(x, i, x, j);
  }
  return 2 * sum / (x.count * (x.count - 1));
}

function betweenMean(a: Vectors, b: Vectors): number {
  let sum = 0;
  for (let i = 0; i < a.count; i++) {
    for (let j = 0; j < b.count; j++) sum += kernel(a, i, b, j);
  }
  return sum / (a.count * b.count);
}

function kernel(a: Vectors, i: number, b: Vectors, j: number): number {
  const { width } = a;
  const from = i * width;
  const to = j * width;
  let dot = 0;
  for (let k = 0; k < width; k++) {
    dot += a.values[from + k]! * b.values[to + k]!;
  }
  return (dot / width + 1) ** 3;
}

function subset(
  vectors: Vectors,
  size: number,
  random: ReturnType<typeof philoxNoise>,
): Vectors {
  return takeVectors(vectors, drawWithout(vectors.count, size, random));
}

/** Draws `size` different integers below `count`, or all of them where there are fewer. */
export function drawWithout(
  count: number,
  size: number,
  random: ReturnType<typeof philoxNoise>,
): number[] {
  const all = Array.from({ length: count }, (_, i) => i);
  const uniform = new Float64Array(Math.min(size, count));
  random.uniform(uniform);
  uniform.forEach((u, i) => {
    const j = i + Math.floor(u * (count - i));
    [all[i], all[j]] = [all[j]!, all[i]!];
  });
  return all.slice(0, uniform.length);
}
