import { type Floats, mix } from "../floats.ts";
import { lambda, type Level, noiseToSignal } from "../level.ts";
import { ancestral } from "./_ancestral.ts";
import {
  type Integrand,
  integrate,
  noise,
  step as stepSize,
} from "./_exponential.ts";
import { refusePureNoise, requireNumber } from "./_options.ts";
import { levelOfLambda, type Past, type Solver, type Step } from "./solver.ts";

/** Options for {@linkcode dpmFast}. */
export interface DpmFastOptions {
  /**
   * Order of each step, 1 to 3: as many evaluations.
   * @default {(index, steps) => index < steps - 2 ? 3 : steps - index}
   */
  orders?: (index: number, steps: number) => number;
  /**
   * How much noise a step adds: 0 solves the ODE, 1 has the variance of DDPM.
   * @default {0}
   */
  eta?: number;
}

/**
 * DPM-Solver with intermediate evaluations: DPM-Solver-1, -2 and -3 of Lu et al. (2022a), equations 3.7 and algorithms 1
 * and 2, with r1 = 1/2 and r1 = 1/3, r2 = 2/3. DPM-Solver-fast is this over levels uniform in λ.
 */
export function dpmFast(options: DpmFastOptions = {}): Solver {
  const {
    orders = (index, steps) => index < steps - 2 ? 3 : steps - index,
    eta = 0,
  } = options;
  requireNumber("eta", eta, 0);
  return {
    name: "dpm-fast",
    check: refusePureNoise,
    stochastic: eta > 0,
    async step(run) {
      const { level, next, index, steps } = run;
      const { target, up } = reached(level, next, eta, run);
      const order = target.sigma === 0 ? 1 : orders(index, steps);
      const first = { x: run.x, level, ...await run.denoise() };
      const moved =
        await (order === 3
          ? third(run, first, target).then(({ high }) => high)
          : order === 2
          ? second(run, first, target, 1 / 2)
          : constant(noise, first, target));
      const x = scaled(moved, target, next);
      return up === 0 ? x : mix(1, x, next.alpha * up, run.noise(), x);
    },
  };
}

/** The level a step with noise aims at, not beyond the end of the run, and the noise to add there. */
export function reached(
  level: Level,
  next: Level,
  eta: number,
  run: Pick<Step, "at" | "level" | "next" | "last">,
): { target: Level; up: number } {
  if (eta === 0 || next.sigma === 0) return { target: next, up: 0 };
  const sigma = noiseToSignal(next);
  const { down } = ancestral(noiseToSignal(level), sigma, eta);
  const end = Math.max(down, noiseToSignal(run.last));
  const up = Math.sqrt(Math.max(0, sigma ** 2 - end ** 2));
  const target = up === 0 ? next : levelOfLambda(run, -Math.log(end));
  return { target, up };
}

/** Images at one level as images at another. */
export function scaled<T extends Floats>(x: T, from: Level, to: Level): T {
  return from.alpha === to.alpha ? x : mix(to.alpha / from.alpha, x, 0, x, x);
}

/** First-order step: DDIM. */
export function constant<T extends Floats>(
  integrand: Integrand,
  first: Past<T>,
  next: Level,
): T {
  const weight = integrand.moment(0, first.level, next, 0);
  const keep = integrand.keep(first.level, next, 0);
  return integrate(integrand, keep, first.x, [weight], [first]);
}

/** Evaluates the denoiser a share of the way to `next`. */
async function inside<T extends Floats>(
  run: Step<T>,
  first: Past<T>,
  next: Level,
  share: number,
  move: (middle: Level) => T,
): Promise<Past<T>> {
  const middle = levelOfLambda(
    run,
    lambda(first.level) + share * stepSize(first.level, next),
  );
  const x = move(middle);
  return { x, level: middle, ...await run.denoise(x, middle) };
}

/** DPM-Solver-2: the slope of the noise from one evaluation at `r1`. */
export async function second<T extends Floats>(
  run: Step<T>,
  first: Past<T>,
  next: Level,
  r1: number,
): Promise<T> {
  const middle = await inside(
    run,
    first,
    next,
    r1,
    (level) => constant(noise, first, level),
  );
  return secondFrom(first, middle, next, r1);
}

function secondFrom<T extends Floats>(
  first: Past<T>,
  middle: Past<T>,
  next: Level,
  r1: number,
): T {
  const w0 = noise.moment(0, first.level, next, 0);
  const slope = w0 / (2 * r1);
  const keep = noise.keep(first.level, next, 0);
  return integrate(noise, keep, first.x, [slope, w0 - slope], [middle, first]);
}

/** DPM-Solver-3 from evaluations at 1/3 and 2/3, and the second-order result of the first of them. */
export async function third<T extends Floats>(
  run: Step<T>,
  first: Past<T>,
  next: Level,
): Promise<{ low: T; high: T }> {
  const [r1, r2] = [1 / 3, 2 / 3];
  const sloped = (middle: Past<T>, level: Level, r: number) => {
    const slope = noise.moment(1, first.level, level, 0) * r;
    const w0 = noise.moment(0, first.level, level, 0);
    const keep = noise.keep(first.level, level, 0);
    return integrate(noise, keep, first.x, [slope, w0 - slope], [
      middle,
      first,
    ]);
  };
  const one = await inside(
    run,
    first,
    next,
    r1,
    (level) => constant(noise, first, level),
  );
  const two = await inside(
    run,
    first,
    next,
    r2,
    (level) => sloped(one, level, r2 / r1),
  );
  return {
    low: secondFrom(first, one, next, r1),
    high: sloped(two, next, 1 / r2),
  };
}
