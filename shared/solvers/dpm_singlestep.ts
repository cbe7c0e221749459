import { mix } from "../floats.ts";
import {
  data,
  type Integrand,
  integrate,
  noise,
  step,
} from "./_exponential.ts";
import { refusePureNoise, requireNumber, requireOrder } from "./_options.ts";
import type { Solver } from "./solver.ts";

/** Options for {@linkcode dpmppSinglestep} and {@linkcode dpmSolverSinglestep}. */
export interface DpmSinglestepOptions {
  /**
   * How many levels a group has, 1 to 3.
   * @default {2}
   */
  order?: number;
  /**
   * How much noise a step adds: 0 solves the ODE, 1 the SDE.
   * @default {0}
   */
  eta?: number;
  /**
   * Whether slope and curvature have the weights of an exact integral ("heun" in diffusers).
   * @default {false}
   */
  exactSlope?: boolean;
  /**
   * Whether an incomplete last group ends in a step of order 1.
   * @default {true}
   */
  lowerOrderFinal?: boolean;
}

/**
 * DPM-Solver++ single-step over a given list of levels: groups of `order` levels, each step of which starts anew from the
 * first level of its group with one more evaluation. Lu et al. (2022b), algorithm 1. One evaluation a step.
 */
export function dpmppSinglestep(options: DpmSinglestepOptions = {}): Solver {
  return singlestep("dpmpp", data, options);
}

/** DPM-Solver single-step, Lu et al. (2022a), algorithms 1 and 2: as {@linkcode dpmppSinglestep}, with the noise as the integrand. */
export function dpmSolverSinglestep(
  options: DpmSinglestepOptions = {},
): Solver {
  return singlestep("dpm-solver", noise, options);
}

function singlestep(
  name: string,
  integrand: Integrand,
  {
    order = 2,
    eta: stochasticity = 0,
    exactSlope = false,
    lowerOrderFinal = true,
  }: DpmSinglestepOptions,
): Solver {
  requireOrder(order, 3);
  requireNumber("eta", stochasticity, 0);
  return {
    name: `${name}-${order}s${stochasticity > 0 ? "-sde" : ""}`,
    history: order - 1,
    stochastic: stochasticity > 0,
    ...(integrand === noise && { check: refusePureNoise }),
    async step(
      { x, level, next, index, steps, history, denoise, noise: draw },
    ) {
      const now = { x, level, ...await denoise() };
      const eta = next.sigma === 0 ? 0 : stochasticity;
      const place = next.sigma === 0
        ? 1
        : placeInGroup(index, steps, order, lowerOrderFinal);
      const known = history.filter((past) => past.level.alpha > 0).length + 1;
      const pasts = [now, ...history].slice(0, Math.min(place, known));
      const first = pasts.at(-1)!;
      const keep = integrand.keep(first.level, next, eta);
      const w0 = integrand.moment(0, first.level, next, eta);
      const w1 = integrand.moment(1, first.level, next, eta);
      const h = step(first.level, next);
      const r = pasts.map((past) => step(first.level, past.level) / h);

      let weights = [w0];
      if (pasts.length === 2) {
        const slope = (exactSlope ? w1 : w0 / 2) / r[0]!;
        weights = [slope, w0 - slope];
      } else if (pasts.length === 3 && !exactSlope) {
        weights = [w1 / r[0]!, 0, w0 - w1 / r[0]!];
      } else if (pasts.length === 3) {
        // D1 = (r0·D1_0 − r1·D1_1) / (r0 − r1), D2 = 2·(D1_1 − D1_0) / (r0 − r1)
        const w2 = integrand.moment(2, first.level, next, eta) / 2;
        const d1 = (w1 * r[0]! - 2 * w2) / (r[0]! - r[1]!) / r[1]!;
        const d0 = (2 * w2 - w1 * r[1]!) / (r[0]! - r[1]!) / r[0]!;
        weights = [d0, d1, w0 - d0 - d1];
      }
      const moved = integrate(integrand, keep, first.x, weights, pasts);
      if (eta === 0) return moved;
      const deviation = integrand.noise(first.level, next, eta);
      return mix(1, moved, deviation, draw(first.level, next), moved);
    },
  };
}

/** Place of a step in its group, from 1. An incomplete last group ends with place 1, or [1, 2] for two levels of order 3. */
function placeInGroup(
  index: number,
  steps: number,
  order: number,
  lowerOrderFinal: boolean,
): number {
  const place = index % order + 1;
  const last = lowerOrderFinal && index === steps - 1;
  return last && !(order === 3 && place === 2) ? 1 : place;
}
