import { combine, mix } from "../floats.ts";
import { lambda, type Level, noiseToSignal } from "../level.ts";
import { ancestral } from "./_ancestral.ts";
import { data, step as stepSize } from "./_exponential.ts";
import { requireNumber } from "./_options.ts";
import { levelOfLambda, type Solver } from "./solver.ts";

/** Options for {@linkcode dpmppSde}. */
export interface DpmppSdeOptions {
  /**
   * How much noise a step adds: 0 is deterministic, 1 has the variance of DDPM.
   * @default {1}
   */
  eta?: number;
  /**
   * Where the second evaluation is, in shares of the step in λ.
   * @default {0.5}
   */
  r?: number;
}

/**
 * DPM-Solver++ (stochastic) of k-diffusion: single-step, of second order where `eta` is 0, with ancestral noise at the
 * middle and at the end. Its noise is best a Brownian path, so that both draws belong to one. Two evaluations a step, one in the last.
 */
export function dpmppSde({ eta = 1, r = 1 / 2 }: DpmppSdeOptions = {}): Solver {
  requireNumber("eta", eta, 0);
  requireNumber("r", r, 0.01, 1);
  return {
    name: "dpmpp-sde",
    stochastic: eta > 0,
    async step(run) {
      const { x, level, next, denoise, noise } = run;
      const { x0 } = await denoise();
      /** The level an ancestral step to `to` aims at, with the noise to add there. */
      const aim = (to: Level) => {
        const { down, up } = ancestral(
          noiseToSignal(level),
          noiseToSignal(to),
          eta,
        );
        return { target: { ...to, sigma: to.alpha * down }, up: to.alpha * up };
      };
      if (next.sigma === 0 || level.alpha === 0) {
        return mix(
          data.keep(level, next, 0),
          x,
          data.moment(0, level, next, 0),
          x0,
        );
      }
      const middle = levelOfLambda(
        run,
        lambda(level) + r * stepSize(level, next),
      );
      const half = aim(middle);
      const xMiddle = mix(
        data.keep(level, half.target, 0),
        x,
        data.moment(0, level, half.target, 0),
        x0,
      );
      if (half.up > 0) {
        mix(1, xMiddle, half.up, noise(level, middle), xMiddle);
      }
      const { x0: x0Middle } = await denoise(xMiddle, middle);
      const { target, up } = aim(next);
      const weight = data.moment(0, level, target, 0);
      const share = 1 / (2 * r);
      return combine([
        [data.keep(level, target, 0), x],
        [weight * (1 - share), x0],
        [weight * share, x0Middle],
        ...(up > 0 ? [[up, noise(level, next)] as const] : []),
      ]);
    },
  };
}
