import { mix, mix3 } from "../floats.ts";
import { noiseToSignal } from "../level.ts";
import type { Solver } from "./solver.ts";

/**
 * Heun's second-order method, Karras et al. (2022), algorithm 1: the slopes at both ends of an Euler step, averaged.
 * Two evaluations a step, one in the last.
 */
export function heun(): Solver {
  return {
    name: "heun",
    async step({ x, level, next, denoise }) {
      const { x0 } = await denoise();
      const sigma = noiseToSignal(level);
      const sigmaNext = noiseToSignal(next);
      // In y = x / alpha: y' = y + (σ' − σ)·(y − x0) / σ.
      const ratio = sigmaNext / sigma;
      const euler = mix(
        next.sigma / level.sigma,
        x,
        next.alpha * (1 - ratio),
        x0,
      );
      if (next.sigma === 0 || level.alpha === 0) return euler;

      const { x0: x0Next } = await denoise(euler, next);
      // y'' = y + (σ' − σ)/2·((y − x0) / σ + (y' − x0') / σ')
      const half = (sigmaNext - sigma) / 2;
      const y = next.alpha / level.alpha * (1 + half / sigma);
      const corrected = mix3(
        y,
        x,
        half / sigmaNext,
        euler,
        -next.alpha * half / sigma,
        x0,
        euler,
      );
      return mix(
        1,
        corrected,
        -next.alpha * half / sigmaNext,
        x0Next,
        corrected,
      );
    },
  };
}
