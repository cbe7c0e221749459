import { combine, like } from "../floats.ts";
import { epsilonOf } from "../denoisers/denoiser.ts";
import { requireInteger } from "./_options.ts";
import type { Solver } from "./solver.ts";

/** Options for {@linkcode ddimInverse}. */
export interface DdimInverseOptions {
  /**
   * How often a step is improved. 1 takes the noise at the level it leaves for that at the level it reaches, as is
   * common; more solve for the step whose DDIM step leads back (Pan et al., 2023). An integer of at least 1.
   * @default {1}
   */
  iterations?: number;
  /**
   * Range that the clean images are clipped to.
   * @default {none}
   */
  range?: readonly [number, number];
}

/**
 * DDIM backwards, from an image to the noise it comes from: Song et al. (2021), section 4.3; Dhariwal and Nichol (2021),
 * appendix F. Its levels go from clean to noisy. As many evaluations a step as iterations.
 */
export function ddimInverse(
  { iterations = 1, range }: DdimInverseOptions = {},
): Solver {
  requireInteger("iterations", iterations, 1);
  return {
    name: "ddim-inverse",
    direction: "up",
    async step({ x, level, next, denoise }) {
      let moved = x;
      for (let i = 0; i < iterations; i++) {
        const epsilon = epsilonOf(moved, await denoise(moved, next), next);
        // x0 = (x − sigma·ε) / alpha, at the level it leaves
        const x0 = combine([
          [1 / level.alpha, x],
          [-level.sigma / level.alpha, epsilon],
        ]);
        const kept = range === undefined ? x0 : clipped(x0, range);
        moved = combine([[next.alpha, kept], [next.sigma, epsilon]]);
      }
      return moved;
    },
  };
}

function clipped<T extends Parameters<typeof like>[0]>(
  x0: T,
  [low, high]: readonly [number, number],
): T {
  const out = like(x0);
  for (let i = 0; i < x0.length; i++) {
    out[i] = Math.min(high, Math.max(low, x0[i]!));
  }
  return out;
}
