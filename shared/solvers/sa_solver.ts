import { combine, type Floats, mix } from "../floats.ts";
import type { Level } from "../level.ts";
import {
  adams,
  data,
  type Integrand,
  integrate,
  noise,
  seen,
  step as stepSize,
} from "./_exponential.ts";
import { refusePureNoise, requireOrder } from "./_options.ts";
import type { Past, Solver } from "./solver.ts";

/** Options for {@linkcode saSolver}. */
export interface SaSolverOptions {
  /**
   * How many evaluations a prediction is built from, 1 to 4.
   * @default {2}
   */
  predictorOrder?: number;
  /**
   * How many evaluations a correction is built from, 1 to 4, or 0 for none.
   * @default {2}
   */
  correctorOrder?: number;
  /**
   * How stochastic the run is at a level: 0 is the ODE, 1 the SDE of DDPM.
   * @default {() => 1}
   */
  tau?: (level: Level) => number;
  /**
   * Whether the noise is extrapolated and not the clean images.
   * @default {false}
   */
  predictNoise?: boolean;
  /**
   * Whether the last steps use lower orders. A step to the clean image always is of order 1.
   * @default {true}
   */
  lowerOrderFinal?: boolean;
}

/**
 * SA-Solver, Xue et al. (2023), algorithm 1: stochastic Adams–Bashforth and Adams–Moulton in λ. One evaluation a step.
 */
export function saSolver(options: SaSolverOptions = {}): Solver {
  const {
    predictorOrder = 2,
    correctorOrder = 2,
    tau = () => 1,
    predictNoise = false,
    lowerOrderFinal = true,
  } = options;
  requireOrder(predictorOrder, 4);
  if (correctorOrder !== 0) requireOrder(correctorOrder, 4);
  const integrand = predictNoise ? noise : data;

  const orderAt = (index: number, steps: number, known: number) =>
    Math.min(predictorOrder, known, lowerOrderFinal ? steps - index : known);

  return {
    name: "sa-solver",
    ...(predictNoise && { check: refusePureNoise }),
    history: Math.max(predictorOrder, correctorOrder - 1),
    stochastic: true,
    async step(run) {
      const { x, level, next, index, steps } = run;
      let now = seen(integrand, { x, level, ...await run.denoise() });
      const history = run.history.filter((past) => past.level.alpha > 0);
      if (history.length > 0 && correctorOrder > 0) {
        // The noise of the prediction stays: only the weights of the integrand change.
        const eta = tau(history[0]!.level) ** 2;
        const before = orderAt(index - 1, steps, history.length);
        const after = Math.min(
          correctorOrder,
          history.length + 1,
          lowerOrderFinal ? steps - index + 2 : correctorOrder,
        );
        const old = weights(
          integrand,
          history.slice(0, before),
          history[0]!,
          level,
          eta,
        );
        const better = weights(
          integrand,
          [now, ...history].slice(0, after),
          history[0]!,
          level,
          eta,
        );
        const start = combine([
          [1, x],
          ...old.flatMap((w, k) => integrand.terms(-w, history[k]!)),
          ...better.flatMap((w, k) =>
            integrand.terms(w, [now, ...history][k]!)
          ),
        ]);
        now = { ...now, x: start };
      }
      const order = next.sigma === 0
        ? 1
        : orderAt(index, steps, history.length + 1);
      const pasts = [now, ...history].slice(0, order);
      const eta = next.sigma === 0 ? 0 : tau(level) ** 2;
      const moved = integrate(
        integrand,
        integrand.keep(level, next, eta),
        now.x,
        weights(integrand, pasts, now, next, eta),
        pasts,
      );
      const deviation = integrand.noise(level, next, eta);
      const z = run.noise(); // drawn whatever tau is, so that it does not shift later draws
      return {
        x: deviation === 0 ? moved : mix(1, moved, deviation, z, moved),
        start: now.x,
        ...(now.epsilon && { epsilon: now.epsilon }),
      };
    },
  };
}

/** Adams weights of the integrand at `pasts` over the step from `from` to `next`. */
function weights<T extends Floats>(
  integrand: Integrand,
  pasts: readonly Past<T>[],
  from: Past<T>,
  next: Level,
  eta: number,
): number[] {
  const h = stepSize(from.level, next);
  const nodes = pasts.map((past) => stepSize(from.level, past.level) / h);
  const moments = nodes.map((_, j) =>
    integrand.moment(j, from.level, next, eta)
  );
  // Two points on data: the published code gives the slope the weight (1 + η)·h/2, which differs by O(h²) and suits few steps.
  if (integrand === data && nodes.length === 2) {
    moments[1] = next.alpha * (1 + eta) * h / 2;
  }
  return adams(nodes, moments);
}
