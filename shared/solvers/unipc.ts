import type { Floats } from "../floats.ts";
import type { Level } from "../level.ts";
import {
  data,
  type Integrand,
  integrate,
  noise,
  seen,
  solve,
  step as stepSize,
} from "./_exponential.ts";
import { refusePureNoise, requireOrder } from "./_options.ts";
import type { Past, Solver } from "./solver.ts";

/** Options for {@linkcode unipc}. */
export interface UniPcOptions {
  /**
   * Order of the predictor, 1 to 3; the corrector adds one.
   * @default {2}
   */
  order?: number;
  /**
   * Whether B(h) = h, named bh1, which suits unguided sampling, and not e^h − 1, named bh2.
   * @default {false}
   */
  linear?: boolean;
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
  /**
   * Steps whose result is not corrected, from 0.
   * @default {[]}
   */
  uncorrected?: readonly number[];
}

/**
 * UniPC, Zhao et al. (2023), algorithms 5 to 8: the images are corrected with the evaluation that the next prediction needs
 * anyway. One evaluation a step.
 */
export function unipc(options: UniPcOptions = {}): Solver {
  const {
    order = 2,
    linear = false,
    predictNoise = false,
    lowerOrderFinal = true,
    uncorrected = [],
  } = options;
  requireOrder(order, 3);
  const method = { integrand: predictNoise ? noise : data, linear };

  /** Order of the predictor at a step that has `known` levels to build on. */
  const orderAt = (index: number, steps: number, known: number) =>
    Math.min(order, known, lowerOrderFinal ? steps - index : order);

  return {
    name: `unipc-${order}`,
    ...(predictNoise && { check: refusePureNoise }),
    history: order,
    async step({ x, level, next, history, index, steps, denoise }) {
      let now = seen(method.integrand, { x, level, ...await denoise() });
      const finite = history.filter((past) => past.level.alpha > 0);
      if (finite.length > 0 && !uncorrected.includes(index - 1)) {
        const used = orderAt(index - 1, steps, finite.length);
        const start = corrected(now, finite.slice(0, used), method);
        now = { ...now, x: start };
      }
      const p = next.sigma === 0 ? 1 : orderAt(index, steps, finite.length + 1);
      const moved = predicted([now, ...finite].slice(0, p), next, method);
      return {
        x: moved,
        start: now.x,
        ...(now.epsilon && { epsilon: now.epsilon }),
      };
    },
  };
}

interface Method {
  readonly integrand: Integrand;
  readonly linear: boolean;
}

/** UniP: equation 3 with ρ of the order of `pasts`. */
function predicted<T extends Floats>(
  pasts: readonly Past<T>[],
  next: Level,
  method: Method,
): T {
  const [now, ...older] = pasts;
  const { r, matrix, right, scale, keep, constant } = system(
    now!,
    older,
    next,
    method,
  );
  const k = older.length;
  // For order 2 the solution degenerates to 1/2 whatever B(h) is.
  const rho = k === 1 ? [0.5] : solve(
    matrix.slice(0, k).map((row) => row.slice(0, k)),
    right.slice(0, k),
  );
  const weights = rho.map((value, i) => -scale * value / r[i]!);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return integrate(method.integrand, keep, now!.x, [
    constant - total,
    ...weights,
  ], pasts);
}

/** UniC: equation 5, with the evaluation at the level the prediction reached. */
function corrected<T extends Floats>(
  reached: Past<T>,
  pasts: readonly Past<T>[],
  method: Method,
): T {
  const [from, ...older] = pasts;
  const { r, matrix, right, scale, keep, constant } = system(
    from!,
    older,
    reached.level,
    method,
  );
  const rho = older.length === 0 ? [0.5] : solve(matrix, right);
  const weights = [...r, 1].map((node, i) => -scale * rho[i]! / node);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return integrate(method.integrand, keep, from!.x, [
    constant - total,
    ...weights,
  ], [from!, ...older, reached]);
}

/** The linear system R·ρ = b of theorem 3.1, with nodes `r` and 1. */
function system<T extends Floats>(
  now: Past<T>,
  older: readonly Past<T>[],
  next: Level,
  { integrand, linear }: Method,
): {
  r: number[];
  matrix: number[][];
  right: number[];
  scale: number;
  keep: number;
  constant: number;
} {
  const isData = integrand === data;
  const h = stepSize(now.level, next);
  const hh = isData ? -h : h;
  const b = linear ? hh : Math.expm1(hh);
  const r = older.map((past) => stepSize(now.level, past.level) / h);
  const nodes = [...r, 1];
  const right: number[] = [];
  let phi = Math.expm1(hh) / hh - 1;
  let factorial = 1;
  for (let i = 1; i <= nodes.length; i++) {
    right.push(phi * factorial / b);
    factorial *= i + 1;
    phi = phi / hh - 1 / factorial;
  }
  return {
    r,
    matrix: nodes.map((_, i) => nodes.map((node) => node ** i)),
    right,
    scale: (isData ? next.alpha : next.sigma) * b,
    keep: integrand.keep(now.level, next, 0),
    constant: integrand.moment(0, now.level, next, 0),
  };
}
