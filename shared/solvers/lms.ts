import { noiseToSignal } from "../level.ts";
import { adams, epsilonTerms } from "./_exponential.ts";
import { combine } from "../floats.ts";
import { requireOrder } from "./_options.ts";
import type { Solver } from "./solver.ts";

/** Options for {@linkcode lms}. */
export interface LmsOptions {
  /**
   * How many evaluations a step is built from, 1 to 4.
   * @default {4}
   */
  order?: number;
}

/**
 * Linear multistep method (Adams–Bashforth on uneven levels) of k-diffusion: the slope dx/dσ, which is the noise, as a
 * polynomial in σ, integrated exactly. One evaluation a step.
 */
export function lms({ order = 4 }: LmsOptions = {}): Solver {
  requireOrder(order, 4);
  return {
    name: "lms",
    history: order - 1,
    async step({ x, level, next, history, denoise }) {
      const now = { x, level, ...await denoise() };
      if (level.alpha === 0) {
        return combine([[next.sigma / level.sigma, x], [next.alpha, now.x0]]);
      }
      const pasts = [now, ...history.filter((past) => past.level.alpha > 0)];
      const sigma = noiseToSignal(level);
      const h = noiseToSignal(next) - sigma;
      const nodes = pasts.map((past) =>
        (noiseToSignal(past.level) - sigma) / h
      );
      const weights = adams(nodes, nodes.map((_, j) => 1 / (j + 1)));
      return combine([
        [next.alpha / level.alpha, x],
        ...weights.flatMap((weight, k) =>
          epsilonTerms(next.alpha * h * weight, pasts[k]!)
        ),
      ]);
    },
  };
}
