import { combine, type Floats, type Term } from "../floats.ts";
import { lambda, type Level } from "../level.ts";
import { epsilonTerms, noise, step as stepSize } from "./_exponential.ts";
import { refusePureNoise, requireOrder } from "./_options.ts";
import { levelOfLambda, type Past, type Solver, type Step } from "./solver.ts";

/** Weights of Adams–Bashforth on even steps, over 24, the latest first. Liu et al. (2022), equation 12. */
const ADAMS_BASHFORTH = [
  [24],
  [36, -12],
  [46, -32, 10],
  [55, -59, 37, -9],
] as const;

/** Options for {@linkcode plms} and {@linkcode pndm}. */
export interface PseudoOptions {
  /**
   * Whether `v = alpha·ε − sigma·x0` is extrapolated and not ε, as diffusers does for networks that predict v.
   * @default {false}
   */
  velocity?: boolean;
}

/** A past level and its share in an extrapolation. */
type Share<T extends Floats> = readonly [share: number, past: Past<T>];

/**
 * Moves x to another level with an extrapolated noise: the transfer φ of Liu et al. (2022), equation 11, which is DDIM's.
 */
function transfer<T extends Floats>(
  x: T,
  level: Level,
  next: Level,
  shares: readonly Share<T>[],
  { velocity = false }: PseudoOptions = {},
): T {
  const weight = noise.moment(0, level, next, 0);
  const keep = noise.keep(level, next, 0);
  if (!velocity) {
    return combine([
      [keep, x],
      ...shares.flatMap(([share, past]) => epsilonTerms(weight * share, past)),
    ]);
  }
  // ε = alpha·v + sigma·x at this level, for a variance preserving process.
  return combine([
    [keep + weight * level.sigma, x],
    ...shares.flatMap(([share, past]) =>
      velocityTerms(weight * level.alpha * share, past)
    ),
  ]);
}

/** `weight` times the v at a past level. */
function velocityTerms<T extends Floats>(
  weight: number,
  past: Past<T>,
): Term<T>[] {
  const { alpha, sigma } = past.level;
  return [...epsilonTerms(weight * alpha, past), [-weight * sigma, past.x0]];
}

/** A step of Adams–Bashforth of as high an order as there is history for, up to `order`. */
function adamsBashforth<T extends Floats>(
  { x, level, next, history }: Step<T>,
  now: Past<T>,
  options: PseudoOptions = {},
  order = 4,
): T {
  const pasts = [now, ...history].slice(0, order);
  const shares = ADAMS_BASHFORTH[pasts.length - 1]!;
  return transfer(
    x,
    level,
    next,
    pasts.map((past, k) => [shares[k]! / 24, past]),
    options,
  );
}

/** Options for {@linkcode ipndm}. */
export interface IpndmOptions {
  /**
   * How many evaluations a step is built from, 1 to 4.
   * @default {4}
   */
  order?: number;
}

/**
 * Improved pseudo numerical method, Zhang and Chen (2023): {@linkcode plms} that starts with lower orders. It takes the
 * steps for even ones, whatever the levels. One evaluation a step.
 */
export function ipndm({ order = 4 }: IpndmOptions = {}): Solver {
  requireOrder(order, 4);
  return {
    name: "ipndm",
    check: refusePureNoise,
    history: order - 1,
    async step(run) {
      const now = { x: run.x, level: run.level, ...await run.denoise() };
      return adamsBashforth(run, now, {}, order);
    },
  };
}

/**
 * Pseudo linear multistep method (S-PNDM with a fourth-order tail), Liu et al. (2022), algorithm 2; the form that Stable
 * Diffusion made known. One evaluation a step, two in the first.
 */
export function plms(options: PseudoOptions = {}): Solver {
  return {
    name: "plms",
    check: refusePureNoise,
    history: 3,
    async step(run) {
      const { x, level, next, index, steps } = run;
      const now = { x, level, ...await run.denoise() };
      if (index > 0 || steps === 1) return adamsBashforth(run, now, options);
      const ahead = transfer(x, level, next, [[1, now]], options);
      if (next.sigma === 0) return ahead;
      const then = { x: ahead, level: next, ...await run.denoise(ahead, next) };
      return transfer(x, level, next, [[1 / 2, now], [1 / 2, then]], options);
    },
  };
}

/** Options for {@linkcode pndm}. */
export interface PndmOptions extends PseudoOptions {
  /**
   * The level half-way between two, where Runge–Kutta steps evaluate.
   * @default {the middle in λ}
   */
  middle?: (level: Level, next: Level) => Level;
}

/**
 * Pseudo numerical method (F-PNDM), Liu et al. (2022), algorithm 2: three pseudo Runge–Kutta steps, equation 13, then
 * linear multistep. One evaluation a step, four in the first three.
 */
export function pndm({ middle, ...options }: PndmOptions = {}): Solver {
  return {
    name: "pndm",
    check: refusePureNoise,
    history: 3,
    async step(run) {
      const { x, level, next, index } = run;
      const e1 = { x, level, ...await run.denoise() };
      if (index > 2 || next.sigma === 0) {
        return adamsBashforth(run, e1, options);
      }
      const half = middle?.(level, next) ??
        levelOfLambda(run, lambda(level) + stepSize(level, next) / 2);
      const evaluate = async (from: typeof e1, to: Level) => {
        const ahead = transfer(x, level, to, [[1, from]], options);
        return { x: ahead, level: to, ...await run.denoise(ahead, to) };
      };
      const e2 = await evaluate(e1, half);
      const e3 = await evaluate(e2, half);
      const e4 = await evaluate(e3, next);
      return transfer(x, level, next, [
        [1 / 6, e1],
        [1 / 3, e2],
        [1 / 3, e3],
        [1 / 6, e4],
      ], options);
    },
  };
}
