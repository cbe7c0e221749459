/**
 * Mistakes of a well-known notebook in how it samples. They are off unless a preset asks for them; the preset
 * `emoji-notebook --faithful` does, to show what each costs.
 *
 * @module
 */

import type { Level } from "@emoji/diffusion";
import type { SamplingPlan } from "@emoji/diffusion/model-sampler";
import { ddpm, type Solver } from "@emoji/diffusion/solvers";

/** Which mistakes to make; all are off by default. */
export interface SamplingFaults {
  /** Cut x_t itself to [−1, 1] after every step. */
  clampSteps?: boolean;
  /** Take ᾱ of the clean picture for 0 instead of 1. */
  zeroFirstAlphaBar?: boolean;
  /** Leave out the last step, from index 0 to the clean picture. */
  skipLastStep?: boolean;
  /** Stretch the values of each finished picture to fill [−1, 1]. */
  stretch?: boolean;
}

/** A plan that makes the mistakes in its steps; {@linkcode stretchPictures} is for after them. */
export function faultyPlan(
  plan: SamplingPlan,
  faults: SamplingFaults,
): SamplingPlan {
  const { clampSteps, zeroFirstAlphaBar, skipLastStep } = faults;
  if (!clampSteps && !zeroFirstAlphaBar && !skipLastStep) return plan;
  return { ...plan, solver: faultyDdpm(faults) };
}

/** Ancestral sampling with mistakes. */
function faultyDdpm(
  { clampSteps, zeroFirstAlphaBar, skipLastStep }: SamplingFaults,
): Solver {
  const sound = ddpm();
  return {
    name: "ddpm with faults",
    stochastic: true,
    async step(step) {
      const isLast = step.next.sigma === 0;
      if (isLast && skipLastStep) return step.x;
      const x = isLast && zeroFirstAlphaBar
        ? scaled(step.x, lastWeight(step.level))
        : await sound.step(step);
      if (!ArrayBuffer.isView(x)) return x;
      if (clampSteps) {
        for (let i = 0; i < x.length; i++) {
          x[i] = Math.max(-1, Math.min(1, x[i]!));
        }
      }
      return x;
    },
  };
}

/** The weight of x_t in the posterior's mean, √α·(1 − ᾱ') / (1 − ᾱ), with ᾱ' = 0; that of the clean picture is then 0. */
function lastWeight({ alpha, sigma }: Level): number {
  return alpha / sigma ** 2;
}

function scaled<T extends Float32Array | Float64Array>(x: T, by: number): T {
  const out = x.slice() as T;
  for (let i = 0; i < out.length; i++) out[i]! *= by;
  return out;
}

/** Stretches the values of each picture of `planes`, in place, to fill [−1, 1]. */
export function stretchPictures(planes: Float32Array, size: number): void {
  for (let from = 0; from < planes.length; from += size) {
    const picture = planes.subarray(from, from + size);
    const low = picture.reduce((a, b) => Math.min(a, b));
    const high = picture.reduce((a, b) => Math.max(a, b));
    if (high === low) continue;
    for (let i = 0; i < size; i++) {
      picture[i] = 2 * (picture[i]! - low) / (high - low) - 1;
    }
  }
}
