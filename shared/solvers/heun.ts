import { combine, mix } from "../floats.ts";
import { noiseToSignal } from "../level.ts";
import { requireNumber } from "./_options.ts";
import { type Churn, churned, requireChurn } from "./churn.ts";
import { levelOfLambda, type Solver } from "./solver.ts";

/** Options for {@linkcode heun}. */
export interface HeunOptions {
  /**
   * Noise added before each step.
   * @default {{ amount: 0 }}
   */
  churn?: Churn;
  /**
   * Where the second slope is taken, in shares of the step: 1 is Heun's method, 1/2 the midpoint method, 2/3 Ralston's.
   * @default {1}
   */
  alpha?: number;
}

/**
 * Second-order method of Karras et al. (2022), algorithms 1 and 2; with `alpha` the family of their equation 24:
 * `y' = y + (σ' − σ)·((1 − 1/2α)·d + d'/2α)`, where y is x / alpha. Two evaluations a step, one in the last.
 */
export function heun(
  { churn = {}, alpha = 1 }: HeunOptions = {},
): Solver {
  requireChurn(churn);
  requireNumber("alpha", alpha, 1e-3, 1);
  return {
    name: "heun",
    stochastic: (churn.amount ?? 0) > 0,
    async step(run) {
      const { next } = run;
      const { x, level } = churned(run, churn);
      const { x0 } = await run.denoise(x, level);
      const sigma = noiseToSignal(level);
      const target = noiseToSignal(next);
      const euler = (to: typeof next) =>
        mix(
          to.sigma / level.sigma,
          x,
          to.alpha * (1 - noiseToSignal(to) / sigma),
          x0,
        );
      if (next.sigma === 0 || level.alpha === 0) return euler(next);

      const sigmaMiddle = sigma + alpha * (target - sigma);
      const middle = alpha === 1
        ? next
        : levelOfLambda(run, -Math.log(sigmaMiddle));
      const xMiddle = euler(middle);
      const { x0: x0Middle } = await run.denoise(xMiddle, middle);
      const second = (target - sigma) / (2 * alpha);
      const first = target - sigma - second;
      // d = (x / alpha − x0) / σ
      return combine([
        [next.alpha * (1 / level.alpha + first / level.sigma), x],
        [-next.alpha * first / sigma, x0],
        [next.alpha * second / middle.sigma, xMiddle],
        [-next.alpha * second / sigmaMiddle, x0Middle],
      ]);
    },
  };
}
