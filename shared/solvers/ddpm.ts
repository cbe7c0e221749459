import { mix } from "../floats.ts";
import { type Level, posterior } from "../level.ts";
import type { Solver } from "./solver.ts";

/** Options for {@linkcode ddpm}. */
export interface DdpmOptions {
  /**
   * Variance of a step.
   * @default {(level, next) => posterior(level, next).variance}
   */
  variance?: (level: Level, next: Level) => number;
}

/**
 * Ancestral sampling, Ho et al. (2020), algorithm 2: the mean of q(x_s | x_t, x0), equation 7, plus noise. It serves any
 * process and any subset of its levels. One evaluation a step.
 */
export function ddpm(options: DdpmOptions = {}): Solver {
  const { variance = (level, next) => posterior(level, next).variance } =
    options;
  return {
    name: "ddpm",
    stochastic: true,
    async step({ x, level, next, denoise, noise }) {
      const { x0 } = await denoise();
      const weights = posterior(level, next);
      const mean = mix(weights.x, x, weights.x0, x0);
      if (next.sigma === 0) return mean;
      return mix(
        1,
        mean,
        Math.sqrt(variance(level, next)),
        noise(level, next),
        mean,
      );
    },
  };
}
