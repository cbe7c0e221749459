/**
 * Watches a picture being noised: the forward process of Ho et al. (2020), §2.
 *
 * @module
 */

import type { Level } from "@emoji/diffusion";
import { addNoise, addNoiseStep } from "@emoji/diffusion/process";
import type { NoiseSource } from "@emoji/diffusion/random";

/** A moment of the forward process. */
export interface NoisingFrame {
  /** Steps taken; 0 is the clean picture. */
  readonly step: number;
  /** The noisy picture. */
  readonly x: Float32Array;
}

/** The steps to show of a process of `steps`: every `every`-th from 0 on, and the last. */
export function shownSteps(steps: number, every: number): number[] {
  const shown = Array.from(
    { length: Math.floor(steps / every) + 1 },
    (_, i) => i * every,
  );
  return shown.at(-1) === steps ? shown : [...shown, steps];
}

/**
 * Noises a picture step by step, x_t = √(1 − β_t)·x_{t−1} + √β_t·z (equation 2).
 *
 * @param x0 The clean picture, flat.
 * @param levels Level after each number of steps; the first is the clean picture's.
 * @param shown Numbers of steps to keep, rising.
 * @param noise Where z comes from.
 */
export function noiseStepByStep(
  x0: Float32Array,
  levels: readonly Level[],
  shown: readonly number[],
  noise: NoiseSource,
): NoisingFrame[] {
  const frames: NoisingFrame[] = [];
  const z = new Float32Array(x0.length);
  let x = x0;
  for (let step = 0; step <= shown.at(-1)!; step++) {
    if (step > 0) {
      noise.normal(z);
      x = addNoiseStep(x, z, levels[step - 1]!, levels[step]!);
    }
    if (shown.includes(step)) frames.push({ step, x });
  }
  return frames;
}

/**
 * Noises a picture at once, x_t = √ᾱ_t·x_0 + √(1 − ᾱ_t)·ε (equation 4): the same distribution at each step.
 *
 * @param x0 The clean picture, flat.
 * @param levels Level after each number of steps; the first is the clean picture's.
 * @param shown Numbers of steps to show.
 * @param noise Where ε comes from, fresh for each step.
 */
export function noiseAtOnce(
  x0: Float32Array,
  levels: readonly Level[],
  shown: readonly number[],
  noise: NoiseSource,
): NoisingFrame[] {
  return shown.map((step) => {
    const epsilon = new Float32Array(x0.length);
    noise.normal(epsilon);
    return { step, x: addNoise(x0, epsilon, levels[step]!) };
  });
}
