import { mix } from "../floats.ts";
import { type Level, type Posterior, posterior } from "../level.ts";
import { addLearnedNoise, type LearnedVariance } from "./learned_noise.ts";
import type { Solver } from "./solver.ts";

/** Options for {@linkcode ddpm}. */
export interface DdpmOptions {
  /**
   * Variance of a step.
   * @default {(level, next, posterior) => posterior.variance}
   */
  variance?: (level: Level, next: Level, posterior: Posterior) => number;
  /**
   * Variance of a step where the network has learned it; it goes before `variance`.
   * @default {none}
   */
  learnedVariance?: LearnedVariance;
  /**
   * Whether the step to the clean image adds noise too, a fault that diffusers has where its last timestep is not 0.
   * @default {false}
   */
  finalNoise?: boolean;
  /**
   * The β of a step of a variance preserving process, where a table has it in less than double precision.
   * @default {1 − level.alpha² / next.alpha²}
   */
  beta?: (level: Level, next: Level) => number;
}

/**
 * Ancestral sampling, Ho et al. (2020), algorithm 2: the mean of q(x_s | x_t, x0), equation 7, plus noise. It serves any
 * process and any subset of its levels. One evaluation a step.
 */
export function ddpm(options: DdpmOptions = {}): Solver {
  const {
    variance = (_level, _next, { variance }) => variance,
    learnedVariance,
    finalNoise = false,
    beta,
  } = options;
  return {
    name: "ddpm",
    stochastic: true,
    async step({ x, level, next, denoise, noise }) {
      const { x0, variance: raw } = await denoise();
      const weights = posterior(level, next, beta?.(level, next));
      const mean = mix(weights.x, x, weights.x0, x0);
      if (next.sigma === 0 && !finalNoise) return mean;
      if (learnedVariance !== undefined) {
        return addLearnedNoise(
          mean,
          noise(),
          raw,
          learnedVariance(level, next),
        );
      }
      return mix(
        1,
        mean,
        Math.sqrt(variance(level, next, weights)),
        noise(),
        mean,
      );
    },
  };
}
