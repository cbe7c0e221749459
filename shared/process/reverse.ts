import { PREDICTIONS } from "../denoisers/predictions.ts";
import { type Floats, like } from "../floats.ts";
import { fixedSmall, type VarianceType } from "../variance.ts";
import {
  type Parameterization,
  previousParameterization,
} from "./parameterization.ts";
import {
  type DiffusionProcess,
  previousLevel,
  varianceBounds,
} from "./process.ts";

/** What a network of a discrete process returns. */
export interface ReverseModel {
  /**
   * What it predicts.
   *
   * @default {PREDICTIONS.epsilon}
   */
  parameterization?: Parameterization;
  /**
   * Where the variance of the reverse step comes from.
   *
   * @default {fixedSmall}
   */
  variance?: VarianceType;
}

/** Noisy images and what a network says of them. All arrays are flat, [images, size]. */
export interface ReverseInput<T extends Floats> {
  /** Noisy images. */
  readonly x: T;
  /** Index of the level of each image. */
  readonly indices: readonly number[];
  /** What the network predicts, of the length of `x`. */
  readonly output: T;
  /** The network's variance channels, of the length of `x`, for learned variances. */
  readonly raw?: T;
}

/** Options of {@linkcode reverseDistribution}. */
export interface ReverseOptions<T extends Floats> extends ReverseModel {
  /**
   * Whether the clean image is clipped to [−1, 1].
   *
   * @default {false}
   */
  clip?: boolean;
  /**
   * Corrects the clean images before they are clipped.
   *
   * @default {(x0) => x0}
   */
  denoised?: (x0: T) => T;
}

/** The reverse step p(x_t−1 | x_t) = N(mean, Σ). All arrays are flat, [images, size]. */
export interface ReverseDistribution<T extends Floats> {
  /** Estimate of the clean images. */
  readonly x0: T;
  /** Mean of the less noisy images. */
  readonly mean: T;
  /** ln Σ, finite in the last step too. */
  readonly logVariance: T;
}

/**
 * The reverse step of a network, each image at its own level: Ho et al. (2020), equation 11; Nichol and Dhariwal
 * (2021), equation 15.
 *
 * @param process The process.
 * @param input Noisy images and the network's answer.
 * @param options What the network predicts, its variance, and corrections.
 * @returns Mean, log variance and clean images.
 * @throws {TypeError} If the variance is learned and `raw` is missing.
 * @throws {RangeError} If lengths do not fit or an index does not exist.
 */
export function reverseDistribution<T extends Floats>(
  process: DiffusionProcess,
  { x, indices, output, raw }: ReverseInput<T>,
  options: ReverseOptions<T> = {},
): ReverseDistribution<T> {
  const {
    parameterization = PREDICTIONS.epsilon,
    variance = fixedSmall,
    clip = false,
    denoised,
  } = options;
  requireFit(process, x, indices, output, raw);
  const size = x.length / indices.length;
  let x0 = like(x);
  const mean = like(x);
  const logVariance = like(x);
  for (const [k, t] of indices.entries()) {
    const [skip, out] = parameterization(
      process.levels[t]!,
      previousLevel(process, t),
    );
    for (let i = k * size; i < (k + 1) * size; i++) {
      x0[i] = skip * x[i]! + out * output[i]!;
    }
  }
  if (denoised) x0 = denoised(x0);
  if (clip) x0 = x0.map((value) => Math.min(1, Math.max(-1, value))) as T;
  for (const [k, t] of indices.entries()) {
    const { base, slope } = variance(varianceBounds(process, t));
    if (slope !== 0 && !raw) {
      throw new TypeError(
        "Cannot find a learned variance as 'raw' must hold the network's variance channels: current value is undefined",
      );
    }
    const [ofX0, ofX] = [
      process.posteriorMeanX0[t]!,
      process.posteriorMeanX[t]!,
    ];
    for (let i = k * size; i < (k + 1) * size; i++) {
      mean[i] = ofX0 * x0[i]! + ofX * x[i]!;
      logVariance[i] = slope === 0 ? base : base + slope * raw![i]!;
    }
  }
  // A network that predicts the mean keeps its word, whatever became of the clean image.
  return {
    x0,
    mean: parameterization === previousParameterization ? output : mean,
    logVariance,
  };
}

function requireFit<T extends Floats>(
  process: DiffusionProcess,
  x: T,
  indices: readonly number[],
  output: T,
  raw: T | undefined,
): void {
  const fits = output.length === x.length && (raw ?? x).length === x.length &&
    x.length % indices.length === 0;
  if (!fits) {
    throw new RangeError(
      `Cannot take a reverse step as x, output and raw must be equally long, of whole images: current value is ${x.length}, ${output.length}, ${raw?.length} for ${indices.length}`,
    );
  }
  for (const t of indices) {
    if (process.levels[t] === undefined) {
      throw new RangeError(
        `Cannot take a reverse step as 'indices' must be integers from 0 to ${
          process.length - 1
        }: current value is ${t}`,
      );
    }
  }
}
