import { mix } from "../floats.ts";
import { lambda, noiseToSignal } from "../level.ts";
import { ancestral } from "./_ancestral.ts";
import { data, step as stepSize } from "./_exponential.ts";
import { requireNumber } from "./_options.ts";
import type { AncestralOptions } from "./euler_ancestral.ts";
import { levelOfLambda, type Solver } from "./solver.ts";

/**
 * DPM-Solver++(2S) of Lu et al. (2022b), algorithm 1 with r = 1/2, with ancestral noise: the clean images at the middle of
 * the step in λ. Two evaluations a step, one in the last.
 */
export function dpmpp2sAncestral({ eta = 1 }: AncestralOptions = {}): Solver {
  requireNumber("eta", eta, 0);
  return {
    name: "dpmpp-2s-ancestral",
    stochastic: eta > 0,
    async step(run) {
      const { x, level, next, denoise, noise } = run;
      const { x0 } = await denoise();
      const { down, up } = ancestral(
        noiseToSignal(level),
        noiseToSignal(next),
        eta,
      );
      const target = { ...next, sigma: next.alpha * down };
      const move = (to: typeof next, clean: typeof x) =>
        mix(
          data.keep(level, to, 0),
          x,
          data.moment(0, level, to, 0),
          clean,
        );
      let clean = x0;
      if (down > 0 && level.alpha > 0) {
        const middle = levelOfLambda(
          run,
          lambda(level) + stepSize(level, target) / 2,
        );
        ({ x0: clean } = await denoise(move(middle, x0), middle));
      }
      const moved = move(target, clean);
      return up === 0 ? moved : mix(1, moved, next.alpha * up, noise(), moved);
    },
  };
}
