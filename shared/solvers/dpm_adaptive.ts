import { type Floats, mix } from "../floats.ts";
import { lambda } from "../level.ts";
import { noise } from "./_exponential.ts";
import { refusePureNoise, requireInteger, requireNumber } from "./_options.ts";
import { constant, reached, scaled, second, third } from "./dpm_single.ts";
import { levelOfLambda, type Solver } from "./solver.ts";

/** Options for {@linkcode dpmAdaptive}. Defaults are those of k-diffusion. */
export interface DpmAdaptiveOptions {
  /**
   * Order of the result; the error is estimated by that of one less. 2 or 3.
   * @default {3}
   */
  order?: 2 | 3;
  /**
   * Error tolerated relative to the images.
   * @default {0.05}
   */
  relative?: number;
  /**
   * Error tolerated absolutely; 0.0078 is two steps of an 8-bit colour in [-1, 1].
   * @default {0.0078}
   */
  absolute?: number;
  /**
   * First step in λ.
   * @default {0.05}
   */
  first?: number;
  /**
   * Weights of the PID controller of the step size.
   * @default {[0, 1, 0]}
   */
  pid?: readonly [proportional: number, integral: number, differential: number];
  /**
   * A step is accepted where it is not to shrink below this share.
   * @default {0.81}
   */
  accept?: number;
  /**
   * How much noise a step adds: 0 solves the ODE, 1 has the variance of DDPM.
   * @default {0}
   */
  eta?: number;
}

/**
 * DPM-Solver-12 and -23 with a step size that follows the error, Lu et al. (2022a), appendix C: as many steps as it takes
 * between each two of the given levels, usually only the noisiest, the least noisy and the clean one.
 * The error is that of all images together: to have an image independent of its batch, draw it alone.
 */
export function dpmAdaptive(options: DpmAdaptiveOptions = {}): Solver {
  const {
    order = 3,
    relative = 0.05,
    absolute = 0.0078,
    first: firstStep = 0.05,
    pid = [0, 1, 0],
    accept = 0.81,
    eta = 0,
  } = options;
  requireInteger("order", order, 2, 3);
  requireNumber("first", firstStep, 1e-6);
  requireNumber("eta", eta, 0);
  return {
    name: "dpm-adaptive",
    check: refusePureNoise,
    stochastic: eta > 0,
    async step(run) {
      if (run.next.sigma === 0) {
        const start = { x: run.x, level: run.level, ...await run.denoise() };
        return constant(noise, start, run.next);
      }
      const control = pidController(
        firstStep,
        pid,
        eta > 0 ? 1.5 : order,
        accept,
      );
      const end = lambda(run.next);
      let { x, level } = run;
      let previous = x;
      while (lambda(level) < end - 1e-5) {
        const left = lambda(level) + control.size();
        const next = left >= end ? run.next : levelOfLambda(run, left);
        const { target, up } = reached(level, next, eta, run);
        const first = { x, level, ...await run.denoise(x, level) };
        const { low, high } = order === 3 ? await third(run, first, target) : {
          low: constant(noise, first, target),
          high: await second(run, first, target, 1 / 2),
        };
        const error = distance(low, high, previous, relative, absolute);
        if (!Number.isFinite(error)) {
          throw new RangeError(
            "Cannot sample as the error of a step must be finite: current value is " +
              error,
          );
        }
        if (!control.propose(error)) continue;
        previous = low;
        x = scaled(high, target, next);
        if (up > 0) mix(1, x, next.alpha * up, run.noise(level, next), x);
        level = next;
      }
      return x;
    },
  };
}

/** Root mean square of the error in units of what is tolerated. */
function distance(
  low: Floats,
  high: Floats,
  previous: Floats,
  relative: number,
  absolute: number,
): number {
  let sum = 0;
  for (let i = 0; i < low.length; i++) {
    const size = Math.max(Math.abs(low[i]!), Math.abs(previous[i]!));
    sum += ((low[i]! - high[i]!) / Math.max(absolute, relative * size)) ** 2;
  }
  return Math.sqrt(sum / low.length);
}

/** PID control of the step size, Söderlind (2003), with the smooth limiter 1 + atan(factor − 1). */
function pidController(
  first: number,
  [p, i, d]: readonly [number, number, number],
  order: number,
  accept: number,
): { size(): number; propose(error: number): boolean } {
  const weights = [(p + i + d) / order, -(p + 2 * d) / order, d / order];
  let h = first;
  let errors: number[] = [];
  return {
    size: () => h,
    propose(error) {
      const inverse = 1 / (error + 1e-8);
      if (errors.length === 0) errors = [inverse, inverse, inverse];
      errors[0] = inverse;
      const factor = 1 + Math.atan(
        errors.reduce(
          (product, value, k) => product * value ** weights[k]!,
          1,
        ) - 1,
      );
      const accepted = factor >= accept;
      if (accepted) errors = [errors[0], errors[0], errors[1]!];
      h *= factor;
      return accepted;
    },
  };
}
