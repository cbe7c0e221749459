import { mix } from "../floats.ts";
import { noiseToSignal } from "../level.ts";
import { ancestral } from "./_ancestral.ts";
import { requireNumber } from "./_options.ts";
import type { Solver } from "./solver.ts";

/** Options for {@linkcode eulerAncestral}. */
export interface AncestralOptions {
  /**
   * How much noise a step adds: 0 is deterministic, 1 has the variance of DDPM.
   * @default {1}
   */
  eta?: number;
}

/** Euler's method down to less noise than wanted, and new noise to make up for it. One evaluation a step. */
export function eulerAncestral({ eta = 1 }: AncestralOptions = {}): Solver {
  requireNumber("eta", eta, 0);
  return {
    name: "euler-ancestral",
    stochastic: eta > 0,
    async step({ x, level, next, denoise, noise }) {
      const { x0 } = await denoise();
      const sigma = noiseToSignal(level);
      const { down, up } = ancestral(sigma, noiseToSignal(next), eta);
      const kept = next.alpha * down / level.sigma;
      const moved = mix(kept, x, next.alpha * (1 - down / sigma), x0);
      return up === 0 ? moved : mix(1, moved, next.alpha * up, noise(), moved);
    },
  };
}
