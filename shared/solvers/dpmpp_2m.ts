import { mix, mix3 } from "../floats.ts";
import { lambda } from "../level.ts";
import type { Solver } from "./solver.ts";

/**
 * DPM-Solver++(2M), Lu et al. (2022b), algorithm 2, in the form of equation 17:
 * `x' = (sigma'/sigma)·x − alpha'·(e^−h − 1)·D`, `D = (1 + 1/2r)·x0 − 1/2r·x0₋₁`, `r = h₋₁/h`.
 *
 * The first step and the step to the clean image are of order 1, that is {@linkcode ddim}. One evaluation a step.
 */
export function dpmpp2m(): Solver {
  return {
    name: "dpmpp-2m",
    history: 1,
    async step({ x, level, next, history: [past], denoise }) {
      const { x0 } = await denoise();
      const kept = next.sigma / level.sigma;
      const moved = next.alpha - kept * level.alpha; // −alpha'·(e^−h − 1)
      if (past === undefined || next.sigma === 0 || past.level.alpha === 0) {
        return mix(kept, x, moved, x0);
      }

      const h = lambda(next) - lambda(level);
      const slope = h / (2 * (lambda(level) - lambda(past.level))); // 1 / 2r
      return mix3(kept, x, moved * (1 + slope), x0, -moved * slope, past.x0);
    },
  };
}
