import { mix } from "../floats.ts";
import { type Level, posterior } from "../level.ts";
import { requireNumber } from "./_options.ts";
import { addLearnedNoise, type LearnedVariance } from "./learned_noise.ts";
import type { Solver } from "./solver.ts";

/** Options for {@linkcode ddim}. */
export interface DdimOptions {
  /**
   * How much of the posterior's noise a step adds: 0 is deterministic, 1 is {@linkcode ddpm}, more adds more, up to all
   * the noise of a level.
   * @default {0}
   */
  eta?: number;
  /**
   * Variance of the noise where the network has learned it. The direction to x keeps the deviation of `eta`, as in
   * Nichol and Dhariwal (2021).
   * @default {none}
   */
  learnedVariance?: LearnedVariance;
}

/**
 * Where a step of {@linkcode ddim} comes to before it adds noise: the mean of `next` with so much less noise,
 * √(sigma'² − s²), that the added noise makes it that of `next`.
 *
 * @param level Where the step starts.
 * @param next Where it ends.
 * @param eta How much of the posterior's noise it adds; at least 0.
 */
export function ddimTarget(level: Level, next: Level, eta: number): Level {
  return { ...next, sigma: noiseOfStep(level, next, eta).kept };
}

/** The deviations of the noise that a step adds, s = η·√β̃ but no more than the level has, and of that which it keeps. */
function noiseOfStep(level: Level, next: Level, eta: number) {
  const added = eta === 0
    ? 0
    : Math.min(next.sigma, eta * Math.sqrt(posterior(level, next).variance));
  const kept = Math.sqrt(Math.max(0, next.sigma ** 2 - added ** 2));
  return { added, kept };
}

/**
 * Denoising diffusion implicit models, Song et al. (2021), equation 12:
 * `x' = alpha'·x0 + √(sigma'² − s²)·ε + s·z` with `s = η·√β̃` (equation 16).
 *
 * With η = 0 it is the exact solution of the probability-flow ODE for a constant x0, that is Euler's method where
 * `alpha` is 1 (EDM) and on a straight flow, and DPM-Solver of order 1. One evaluation a step.
 */
export function ddim(
  { eta = 0, learnedVariance }: DdimOptions = {},
): Solver {
  requireNumber("eta", eta, 0);
  return {
    name: "ddim",
    stochastic: eta > 0 || learnedVariance !== undefined,
    async step({ x, level, next, denoise, noise }) {
      const { x0, epsilon, variance } = await denoise();
      const { added, kept } = noiseOfStep(level, next, eta);
      // ε = (x − alpha·x0) / sigma, unless the network's own is kept.
      const ratio = kept / level.sigma;
      const moved = epsilon === undefined
        ? mix(ratio, x, next.alpha - ratio * level.alpha, x0)
        : mix(next.alpha, x0, kept, epsilon);
      if (learnedVariance !== undefined && next.sigma > 0) {
        return addLearnedNoise(
          moved,
          noise(),
          variance,
          learnedVariance(level, next),
        );
      }
      return added === 0 ? moved : mix(1, moved, added, noise(), moved);
    },
  };
}
