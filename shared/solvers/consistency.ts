import { mix } from "../floats.ts";
import { requireNumber } from "./_options.ts";
import type { Solver } from "./solver.ts";

/** Options for {@linkcode consistency}. */
export interface ConsistencyOptions {
  /**
   * Noise, in units of the signal, that the network's clean images still have.
   * @default {0}
   */
  sigmaMin?: number;
}

/**
 * Multistep sampling of a consistency model, Song et al. (2023), algorithm 1, and of a latent consistency model, Luo et al.
 * (2023), algorithm 3: forget the noise, add new one: `x' = alpha'·x0 + √(sigma'² − alpha'²·sigmaMin²)·z`.
 */
export function consistency(
  { sigmaMin = 0 }: ConsistencyOptions = {},
): Solver {
  requireNumber("sigmaMin", sigmaMin, 0);
  return {
    name: "consistency",
    stochastic: true,
    async step({ next, denoise, noise }) {
      const { x0 } = await denoise();
      const variance = next.sigma ** 2 - (next.alpha * sigmaMin) ** 2;
      return variance > 0
        ? mix(next.alpha, x0, Math.sqrt(variance), noise())
        : mix(next.alpha, x0, 0, x0);
    },
  };
}
