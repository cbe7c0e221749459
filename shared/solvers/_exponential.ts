import { epsilonOf } from "../denoisers/denoiser.ts";
import { combine, type Floats, type Term } from "../floats.ts";
import { lambda, type Level } from "../level.ts";
import type { Past } from "./solver.ts";

/**
 * What an exponential integrator takes for constant, or a polynomial in λ, over a step: the clean images (DPM-Solver++)
 * or the noise (DPM-Solver). Given in terms of what the history holds.
 */
export interface Integrand {
  /** Weight of x in the step from `level` to `next`. */
  keep(level: Level, next: Level, eta: number): number;
  /** `∫ kernel · u^j du` over the step, u in [0, 1]; at 0 it is the weight of a constant integrand. */
  moment(j: number, level: Level, next: Level, eta: number): number;
  /** Standard deviation of the noise of a step. */
  noise(level: Level, next: Level, eta: number): number;
  /** `weight` times the integrand at a past level. */
  terms<T extends Floats>(weight: number, past: Past<T>): Term<T>[];
}

/**
 * x0 as the integrand, Lu et al. (2022b), equation 8 for η = 0 (ODE) and proposition 5.1 for η = 1 (SDE):
 * `x' = (sigma'/sigma)·e^−ηh·x + alpha'·∫ (1 + η)·e^(−(1+η)(h−τ))·x0(τ) dτ + sigma'·√(1 − e^−2ηh)·z`.
 */
export const data: Integrand = {
  keep: (level, next, eta) =>
    next.sigma / level.sigma * (eta === 0 ? 1 : decay(level, next) ** eta),
  moment: (j, level, next, eta) =>
    j === 0
      ? next.alpha * (1 - decay(level, next) ** (1 + eta))
      : next.alpha * moment(j, (1 + eta) * step(level, next)),
  noise: (level, next, eta) =>
    next.sigma * Math.sqrt(1 - decay(level, next) ** (2 * eta)),
  terms: (weight, { x0 }) => [[weight, x0]],
};

/**
 * ε as the integrand, Lu et al. (2022a), equation 3.4 for η = 0 (ODE); η = 1 is the SDE:
 * `x' = (alpha'/alpha)·x − (1 + η)·sigma'·∫ e^(h−τ)·ε(τ) dτ + sigma'·√(η·(e^2h − 1))·z`.
 */
export const noise: Integrand = {
  keep: (level, next) => next.alpha / level.alpha,
  moment: (j, level, next, eta) =>
    (1 + eta) *
    (j === 0
      ? next.sigma - next.alpha * level.sigma / level.alpha
      : next.sigma * moment(j, -step(level, next))),
  noise: (level, next, eta) =>
    eta === 0 ? 0 : Math.sqrt(
      eta *
        ((next.alpha * level.sigma / level.alpha) ** 2 - next.sigma ** 2),
    ),
  terms: (weight, past) => epsilonTerms(weight, past),
};

/** `weight` times the noise in the images of `past`. */
export function epsilonTerms<T extends Floats>(
  weight: number,
  { x, x0, epsilon, level }: Past<T>,
): Term<T>[] {
  if (epsilon !== undefined) return [[weight, epsilon]];
  return [[weight / level.sigma, x], [
    -weight * level.alpha / level.sigma,
    x0,
  ]];
}

/** An evaluation that stays what it is when its images are corrected: with its noise, where that is the integrand. */
export function seen<T extends Floats>(
  integrand: Integrand,
  now: Past<T>,
): Past<T> {
  return integrand === data
    ? now
    : { ...now, epsilon: epsilonOf(now.x, now, now.level) };
}

/** h = λ' − λ. */
export function step(level: Level, next: Level): number {
  return lambda(next) - lambda(level);
}

/** e^−h, without a logarithm. */
function decay(level: Level, next: Level): number {
  return next.sigma * level.alpha / (next.alpha * level.sigma);
}

/** `z·∫ e^(−z(1−u))·u^j du` over [0, 1]. */
function moment(j: number, z: number): number {
  if (Math.abs(z) > 1) {
    let value = -Math.expm1(-z);
    for (let i = 1; i <= j; i++) value = 1 - i / z * value;
    return value;
  }
  // The recursion cancels for small z: z·Σ (−z)^k·j!/(k + j + 1)!
  let term = z / (j + 1);
  let sum = term;
  for (let k = 1; Math.abs(term) > 1e-17 * Math.abs(sum); k++) {
    term *= -z / (k + j + 1);
    sum += term;
  }
  return sum;
}

/**
 * Weights of the integrand at `nodes` (in steps from the start, which is 0, to the end, which is 1) that integrate
 * polynomials exactly: Adams–Bashforth for nodes <= 0, Adams–Moulton with one at 1.
 */
export function adams(
  nodes: readonly number[],
  moments: readonly number[],
): number[] {
  return solve(
    nodes.map((_, j) => nodes.map((node) => node ** j)),
    moments.slice(0, nodes.length),
  );
}

/** Solves a small linear system by elimination with pivots. */
export function solve(
  rows: readonly (readonly number[])[],
  right: readonly number[],
): number[] {
  const n = right.length;
  const m = rows.map((row, i) => [...row, right[i]!]);
  for (let c = 0; c < n; c++) {
    const pivot = m.reduce(
      (best, row, r) =>
        r >= c && Math.abs(row[c]!) > Math.abs(m[best]![c]!) ? r : best,
      c,
    );
    [m[c], m[pivot]] = [m[pivot]!, m[c]!];
    for (let r = 0; r < n; r++) {
      if (r === c) continue;
      const factor = m[r]![c]! / m[c]![c]!;
      for (let k = c; k <= n; k++) m[r]![k]! -= factor * m[c]![k]!;
    }
  }
  return m.map((row, i) => row[n]! / row[i]!);
}

/** `keep·x + Σ weights[k]·integrand(pasts[k])`, in one new array. */
export function integrate<T extends Floats>(
  integrand: Integrand,
  keep: number,
  x: T,
  weights: readonly number[],
  pasts: readonly Past<T>[],
): T {
  return combine([
    [keep, x],
    ...weights.flatMap((weight, k) => integrand.terms(weight, pasts[k]!)),
  ]);
}
