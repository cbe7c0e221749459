import { mix } from "../floats.ts";
import { noiseToSignal } from "../level.ts";
import { type Churn, churned, requireChurn } from "./churn.ts";
import type { Solver } from "./solver.ts";

/** Options for {@linkcode euler}. */
export interface EulerOptions {
  /**
   * Noise added before each step.
   * @default {{ amount: 0 }}
   */
  churn?: Churn;
}

/**
 * Euler's method on dx/dσ = (x − D) / σ, Karras et al. (2022), equation 4, where x and σ are those of a process whose
 * `alpha` is 1: `x' = alpha'·(y + (σ' − σ)·d)`, `y = x / alpha`, `d = (y − x0) / σ`. One evaluation a step.
 */
export function euler({ churn = {} }: EulerOptions = {}): Solver {
  requireChurn(churn);
  return {
    name: "euler",
    stochastic: (churn.amount ?? 0) > 0,
    async step(run) {
      const { next } = run;
      const { x, level } = churned(run, churn);
      const { x0 } = await run.denoise(x, level);
      // In y: y' = y + (σ' − σ)·(y − x0) / σ = ratio·y + (1 − ratio)·x0.
      const ratio = noiseToSignal(next) / noiseToSignal(level);
      return mix(next.sigma / level.sigma, x, next.alpha * (1 - ratio), x0);
    },
  };
}
