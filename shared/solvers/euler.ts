import { mix } from "../floats.ts";
import { noiseToSignal } from "../level.ts";
import type { Solver } from "./solver.ts";

/**
 * Euler's method on dx/dσ = (x − D) / σ, Karras et al. (2022), equation 4, where x and σ are those of a process whose
 * `alpha` is 1: `x' = alpha'·(y + (σ' − σ)·d)`, `y = x / alpha`, `d = (y − x0) / σ`. One evaluation a step.
 */
export function euler(): Solver {
  return {
    name: "euler",
    async step({ x, level, next, denoise }) {
      const { x0 } = await denoise();
      // In y: y' = y + (σ' − σ)·(y − x0) / σ = ratio·y + (1 − ratio)·x0.
      const ratio = noiseToSignal(next) / noiseToSignal(level);
      return mix(next.sigma / level.sigma, x, next.alpha * (1 - ratio), x0);
    },
  };
}
