import { combine, mix } from "../floats.ts";
import { noiseToSignal } from "../level.ts";
import { ancestral } from "./_ancestral.ts";
import { requireNumber } from "./_options.ts";
import { type Churn, churned, requireChurn } from "./churn.ts";
import { levelOfLambda, type Solver } from "./solver.ts";

/** Options for {@linkcode dpm2}. */
export interface Dpm2Options {
  /**
   * How much noise a step adds: 0 is deterministic, 1 the ancestral form.
   * @default {0}
   */
  eta?: number;
  /**
   * Noise added before each step.
   * @default {{ amount: 0 }}
   */
  churn?: Churn;
}

/**
 * DPM2 of k-diffusion, inspired by DPM-Solver-2 and algorithm 2 of Karras et al. (2022): the slope dx/dσ at the geometric
 * middle of a step. Two evaluations a step, one in the last.
 */
export function dpm2({ eta = 0, churn = {} }: Dpm2Options = {}): Solver {
  requireNumber("eta", eta, 0);
  requireChurn(churn);
  return {
    name: eta > 0 ? "dpm2-ancestral" : "dpm2",
    stochastic: eta > 0 || (churn.amount ?? 0) > 0,
    async step(run) {
      const { next } = run;
      const { x, level } = churned(run, churn);
      const { x0 } = await run.denoise(x, level);
      const sigma = noiseToSignal(level);
      const { down, up } = ancestral(sigma, noiseToSignal(next), eta);
      if (down === 0 || level.alpha === 0) {
        const kept = next.alpha * down / level.sigma;
        const moved = mix(kept, x, next.alpha * (1 - down / sigma), x0);
        return up === 0
          ? moved
          : mix(1, moved, next.alpha * up, run.noise(), moved);
      }
      const sigmaMiddle = Math.sqrt(sigma * down);
      const middle = levelOfLambda(run, -Math.log(sigmaMiddle));
      const xMiddle = mix(
        middle.sigma / level.sigma,
        x,
        middle.alpha * (1 - sigmaMiddle / sigma),
        x0,
      );
      const { x0: x0Middle } = await run.denoise(xMiddle, middle);
      const slope = next.alpha * (down - sigma);
      return combine([
        [next.alpha / level.alpha, x],
        [slope / middle.sigma, xMiddle],
        [-slope / sigmaMiddle, x0Middle],
        ...(up > 0 ? [[next.alpha * up, run.noise()] as const] : []),
      ]);
    },
  };
}
