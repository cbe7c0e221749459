import { mix } from "../floats.ts";
import type { Level } from "../level.ts";
import { epsilonTerms, noise } from "./_exponential.ts";
import { combine } from "../floats.ts";
import { refusePureNoise, requireNumber } from "./_options.ts";
import type { Solver } from "./solver.ts";

/** Options for {@linkcode tcd}. */
export interface TcdOptions {
  /**
   * How much of a step is new noise: 0 is deterministic, 1 forgets all.
   * @default {0.3}
   */
  gamma?: number;
  /** The level at a share (1 − gamma) of the time of `next`. */
  cleaner: (next: Level, share: number) => Level;
}

/**
 * Trajectory consistency distillation, Zheng et al. (2024), algorithm 4: DDIM to a cleaner level s, then noise up to
 * the next. One evaluation a step.
 */
export function tcd({ gamma = 0.3, cleaner }: TcdOptions): Solver {
  requireNumber("gamma", gamma, 0, 1);
  return {
    name: "tcd",
    check: refusePureNoise,
    stochastic: gamma > 0,
    async step({ x, level, next, denoise, noise: draw }) {
      const now = { x, level, ...await denoise() };
      const target = gamma === 0 || next.sigma === 0
        ? next
        : cleaner(next, 1 - gamma);
      const moved = combine([
        [noise.keep(level, target, 0), x],
        ...epsilonTerms(noise.moment(0, level, target, 0), now),
      ]);
      const ratio = next.alpha / target.alpha;
      const variance = next.sigma ** 2 - (ratio * target.sigma) ** 2;
      return variance > 0
        ? mix(ratio, moved, Math.sqrt(variance), draw(target, next), moved)
        : moved;
    },
  };
}
