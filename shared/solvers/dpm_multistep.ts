import type { Floats } from "../floats.ts";
import { mix } from "../floats.ts";
import { isNoisier, type Level } from "../level.ts";
import {
  data,
  type Integrand,
  integrate,
  noise,
  step,
} from "./_exponential.ts";
import { refusePureNoise, requireNumber, requireOrder } from "./_options.ts";
import type { Past, Solver } from "./solver.ts";

/** Options for {@linkcode dpmpp} and {@linkcode dpmSolver}. */
export interface DpmOptions {
  /**
   * How many evaluations a step is built from, 1 to 3.
   * @default {2}
   */
  order?: number;
  /**
   * How much noise a step adds: 0 solves the ODE, 1 the SDE.
   * @default {0}
   */
  eta?: number;
  /**
   * Whether the slope of a second-order step has the weight of an exact integral ("heun" in diffusers) and not half of
   * the constant's ("midpoint").
   * @default {false}
   */
  exactSlope?: boolean;
  /**
   * Whether the curvature of a third-order step has the weight of an exact integral. The published code of the method
   * has half of it, which leaves the method of order 2 with a small error.
   * @default {false}
   */
  exactCurvature?: boolean;
  /**
   * Whether the last steps use lower orders, which steadies runs of fewer than 15 steps. A step to the clean image
   * always is of order 1.
   * @default {false}
   */
  lowerOrderFinal?: boolean;
}

/**
 * DPM-Solver++ multistep: 2M and, with `order: 3`, 3M of Lu et al. (2022b), algorithm 2 and appendix; with `eta: 1` its SDE forms.
 * The clean images are extrapolated in λ from earlier steps. One evaluation a step.
 *
 * With `eta` 0 it also goes towards noise, over levels that all have sigma > 0 and alpha > 0; other such lists are refused.
 */
export function dpmpp(options: DpmOptions = {}): Solver {
  return multistep("dpmpp", data, options);
}

/**
 * DPM-Solver multistep of Lu et al. (2022a): as {@linkcode dpmpp}, with the noise extrapolated. One evaluation a step.
 */
export function dpmSolver(options: DpmOptions = {}): Solver {
  return multistep("dpm-solver", noise, options);
}

function multistep(
  name: string,
  integrand: Integrand,
  {
    order = 2,
    eta: stochasticity = 0,
    exactSlope = false,
    exactCurvature = false,
    lowerOrderFinal = false,
  }: DpmOptions,
): Solver {
  requireOrder(order, 3);
  requireNumber("eta", stochasticity, 0);
  return {
    name: `${name}-${order}m${stochasticity > 0 ? "-sde" : ""}`,
    history: order - 1,
    stochastic: stochasticity > 0,
    direction: stochasticity > 0 ? "down" : "either",
    check(levels) {
      if (integrand === noise) refusePureNoise(levels);
      refuseEndlessRise(levels);
    },
    async step(run) {
      const { x, level, next, history, index, steps } = run;
      const eta = next.sigma === 0 ? 0 : stochasticity;
      const now = { x, level, ...await run.denoise() };
      const known = history.filter((past) => past.level.alpha > 0).length + 1;
      const left = next.sigma === 0
        ? 1
        : lowerOrderFinal
        ? steps - index
        : order;
      const weights = extrapolation(
        Math.min(order, known, left),
        integrand,
        [now, ...history],
        run,
        { eta, exactSlope, exactCurvature },
      );
      const keep = integrand.keep(level, next, eta);
      const moved = integrate(integrand, keep, x, weights, [now, ...history]);
      const deviation = integrand.noise(level, next, eta);
      return eta === 0 ? moved : mix(1, moved, deviation, run.noise(), moved);
    },
  };
}

/** Towards noise, λ must be finite at both ends: a step from the clean image, or to pure noise, is of infinite length. */
function refuseEndlessRise(levels: readonly Level[]): void {
  const [first, last] = [levels[0]!, levels.at(-1)!];
  if (!isNoisier(last, first)) return;
  const end = first.sigma === 0 ? first : last.alpha === 0 ? last : undefined;
  if (end === undefined) return;
  throw new RangeError(
    `Cannot sample as levels towards noise must have sigma > 0 and alpha > 0, leave out the clean image and pure noise: current value is ${
      JSON.stringify(end)
    }`,
  );
}

/** Weights of the integrand now and at earlier levels, latest first. */
function extrapolation<T extends Floats>(
  order: number,
  integrand: Integrand,
  [now, past, older]: readonly Past<T>[],
  { level, next }: Pick<Past<T>, "level"> & { next: Past<T>["level"] },
  { eta, exactSlope, exactCurvature }: Required<
    Pick<DpmOptions, "eta" | "exactSlope" | "exactCurvature">
  >,
): number[] {
  const constant = integrand.moment(0, level, next, eta);
  if (order === 1) return [constant];

  const h = step(level, next);
  const r0 = step(past!.level, now!.level) / h;
  const slope = exactSlope || order === 3
    ? integrand.moment(1, level, next, eta)
    : constant / 2;
  if (order === 2) return [constant + slope / r0, -slope / r0];

  // Differences D1_0 of now and past, D1_1 of past and older; D1 = D1_0 + r0·D2, D2 = (D1_0 − D1_1) / (r0 + r1).
  const r1 = step(older!.level, past!.level) / h;
  const curvature = integrand.moment(2, level, next, eta) *
    (exactCurvature ? 1 : 0.5);
  const bend = (slope * r0 + curvature) / (r0 + r1);
  const d0 = (slope + bend) / r0;
  const d1 = -bend / r1;
  return [constant + d0, d1 - d0, -d1];
}
