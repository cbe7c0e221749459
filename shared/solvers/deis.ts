import { adams, integrate, noise, step as stepSize } from "./_exponential.ts";
import { refusePureNoise, requireOrder } from "./_options.ts";
import type { Solver } from "./solver.ts";

/** Options for {@linkcode deis}. */
export interface DeisOptions {
  /**
   * How many evaluations a step is built from, 1 to 4.
   * @default {2}
   */
  order?: number;
  /**
   * Whether the last steps use lower orders. A step to the clean image always is of order 1.
   * @default {false}
   */
  lowerOrderFinal?: boolean;
}

/**
 * Diffusion exponential integrator sampler, Zhang and Chen (2023), tAB-DEIS on a logarithmic grid, equation 15: the noise
 * as a polynomial in ln(sigma / alpha) = −λ, integrated exactly. One evaluation a step.
 */
export function deis(
  { order = 2, lowerOrderFinal = false }: DeisOptions = {},
): Solver {
  requireOrder(order, 4);
  return {
    name: "deis",
    check: refusePureNoise,
    history: order - 1,
    async step({ x, level, next, history, index, steps, denoise }) {
      const now = { x, level, ...await denoise() };
      const left = next.sigma === 0
        ? 1
        : lowerOrderFinal
        ? steps - index
        : order;
      const pasts = [now, ...history.filter((past) => past.level.alpha > 0)]
        .slice(0, left);
      const h = stepSize(level, next);
      const nodes = pasts.map((past) => stepSize(level, past.level) / h);
      const weights = adams(
        nodes,
        nodes.map((_, j) => noise.moment(j, level, next, 0)),
      );
      return integrate(noise, noise.keep(level, next, 0), x, weights, pasts);
    },
  };
}
