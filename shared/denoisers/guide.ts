import { type Floats, like, mix } from "../floats.ts";
import { type Level, noiseToSignal } from "../level.ts";
import { scoped } from "./_scoped.ts";
import {
  type Denoiser,
  type Memory,
  type Prediction,
  toPrediction,
  wrap,
} from "./denoiser.ts";

/** How strong the guidance is: one number, or one a level. 1 is none, and costs no second evaluation. */
export type GuidanceScale = number | ((level: Level) => number);

/** Makes one prediction of a conditional and an unconditional one. */
export type Combination = <T extends Floats>(
  conditional: T,
  unconditional: T,
  scale: number,
  step: { x: T; level: Level; images: number; memory?: Memory },
) => T;

/** Options for {@linkcode guide}. */
export interface GuideOptions {
  /**
   * How the two predictions are combined.
   * @default {linearGuidance}
   */
  combine?: Combination;
}

/** `unconditional + scale·(conditional − unconditional)`: Ho and Salimans (2022), equation 6, with `scale = 1 + w`. */
export function linearGuidance<T extends Floats>(
  conditional: T,
  unconditional: T,
  scale: number,
): T {
  return mix(scale, conditional, 1 - scale, unconditional);
}

/**
 * Guidance away from a second denoiser: classifier-free (Ho and Salimans, 2022) where that is the unconditional branch,
 * autoguidance (Karras et al., 2024) where it is a worse version of the first. It works on the clean images, which for
 * the linear combination is the same as on ε, v or a velocity. Each branch remembers what it has seen itself: where they
 * are self-conditioned, each hears its own last estimate.
 */
export function guide<T extends Floats = Float32Array>(
  conditional: Denoiser<T>,
  unconditional: Denoiser<T>,
  scale: GuidanceScale,
  { combine = linearGuidance }: GuideOptions = {},
): Denoiser<T> {
  requireBranch(unconditional);
  requireScale(scale);
  return wrap([conditional, unconditional], async (x, level, call) => {
    const weight = typeof scale === "function" ? scale(level) : scale;
    const wanted = toPrediction(
      await conditional(x, level, scoped(call, "conditional")),
    );
    if (weight === 1) return wanted;
    const other = toPrediction(
      await unconditional(x, level, scoped(call, "unconditional")),
    );
    return guided(
      wanted,
      combine(wanted.x0, other.x0, weight, { x, level, ...call }),
    );
  });
}

/**
 * {@linkcode guide} with both branches in one evaluation of twice as many images: the network is to condition the first
 * half of them and not the second. Where the scale is 1 it is asked for the first half alone.
 */
export function guideTogether<T extends Floats = Float32Array>(
  denoiser: Denoiser<T>,
  scale: GuidanceScale,
  { combine = linearGuidance }: GuideOptions = {},
): Denoiser<T> {
  requireScale(scale);
  return wrap([denoiser], async (x, level, call) => {
    const weight = typeof scale === "function" ? scale(level) : scale;
    const inner = scoped(call, "together");
    if (weight === 1) return denoiser(x, level, inner);
    const twice = like(x, 2 * x.length);
    twice.set(x);
    twice.set(x, x.length);
    const both = toPrediction(
      await denoiser(twice, level, { ...inner, images: 2 * call.images }),
    );
    const half = (all: T, k: number) =>
      all.subarray(k * x.length, (k + 1) * x.length) as T;
    const { x0, variance } = both;
    return guided(
      { x0, ...(variance && { variance: half(variance, 0) }) },
      combine(half(x0, 0), half(x0, 1), weight, { x, level, ...call }),
    );
  });
}

/** A scale that holds where sigma / alpha is in (low, high], and is 1 elsewhere: Kynkäänniemi et al. (2024). */
export function guidanceInterval(
  scale: number,
  low: number,
  high: number,
): (level: Level) => number {
  requireScale(scale);
  if (!(low >= 0 && low < high)) {
    throw new RangeError(
      `Cannot guide as the interval must be increasing from >= 0: current value is (${low}, ${high}]`,
    );
  }
  return (level) => {
    const sigma = noiseToSignal(level);
    return sigma > low && sigma <= high ? scale : 1;
  };
}

/** The conditional prediction with other clean images; its noise follows from them. */
function guided<T extends Floats>(
  { variance }: Prediction<T>,
  x0: T,
): Prediction<T> {
  return { x0, ...(variance && { variance }) };
}

function requireBranch(unconditional: unknown): void {
  if (typeof unconditional !== "function") {
    throw new TypeError(
      `Cannot guide as the unconditional branch must be a denoiser: current value is ${unconditional}`,
    );
  }
}

function requireScale(scale: GuidanceScale): void {
  if (typeof scale !== "function" && !Number.isFinite(scale)) {
    throw new RangeError(
      `Cannot guide as scale must be a finite number: current value is ${scale}`,
    );
  }
}
