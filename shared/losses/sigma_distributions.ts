import { normalQuantile } from "../random/normal_quantile.ts";
import {
  boundedCosineLogSnr,
  interpolatedLogSnr,
  shiftedLogSnr,
} from "../schedules/log_snr.ts";

/**
 * A training distribution of noise levels, given by its quantiles: turns a uniform number in (0, 1) into a sigma. Feed
 * it random numbers, or one number from each of n equal parts of (0, 1) to spread a batch over the levels.
 */
export type SigmaDistribution = (uniform: number) => number;

/** Options of {@linkcode logNormalSigma}. */
export interface LogNormalOptions {
  /**
   * Mean of ln sigma.
   *
   * @default {-1.2}
   */
  mean?: number;
  /**
   * Standard deviation of ln sigma, not negative.
   *
   * @default {1.2}
   */
  std?: number;
}

/**
 * ln sigma is normal: the training distribution of Karras et al. (2022), table 1.
 *
 * @param options Mean and standard deviation of ln sigma.
 * @returns Quantile function.
 * @throws {RangeError} If `std` is negative or a number is not finite.
 */
export function logNormalSigma(
  { mean = -1.2, std = 1.2 }: LogNormalOptions = {},
): SigmaDistribution {
  if (!Number.isFinite(mean) || !(std >= 0 && std < Infinity)) {
    throw new RangeError(
      `Cannot draw sigma as 'mean' must be finite and 'std' finite and not negative: current value is ${mean}, ${std}`,
    );
  }
  return (uniform) => Math.exp(mean + std * normalQuantile(uniform));
}

/** Options of {@linkcode splitLogNormalSigma}. */
export interface SplitLogNormalOptions {
  /** Mode of ln sigma. */
  mode: number;
  /** Standard deviation below the mode, positive. */
  below: number;
  /** Standard deviation above the mode, positive. */
  above: number;
}

/**
 * ln sigma is normal with one width below its mode and another above: `rand_split_log_normal` of k-diffusion.
 *
 * @param options Mode and widths.
 * @returns Quantile function.
 */
export function splitLogNormalSigma(
  { mode, below, above }: SplitLogNormalOptions,
): SigmaDistribution {
  const share = below / (below + above);
  return (uniform) =>
    Math.exp(
      uniform < share
        ? mode + below * normalQuantile(0.5 * uniform / share)
        : mode +
          above * normalQuantile(0.5 + 0.5 * (uniform - share) / (1 - share)),
    );
}

/** Options of the bounded distributions. */
export interface SigmaBounds {
  /**
   * Lowest sigma.
   *
   * @default {0}
   */
  min?: number;
  /**
   * Highest sigma.
   *
   * @default {Infinity}
   */
  max?: number;
}

/** Options of {@linkcode logLogisticSigma}. */
export interface LogLogisticOptions extends SigmaBounds {
  /**
   * Median of ln sigma.
   *
   * @default {0}
   */
  median?: number;
  /**
   * Scale of ln sigma, positive.
   *
   * @default {1}
   */
  scale?: number;
}

/**
 * ln sigma is logistic: `rand_log_logistic` of k-diffusion.
 *
 * @param options Median, scale and bounds.
 * @returns Quantile function.
 */
export function logLogisticSigma(
  { median = 0, scale = 1, min = 0, max = Infinity }: LogLogisticOptions = {},
): SigmaDistribution {
  const share = (sigma: number) =>
    1 / (1 + Math.exp((median - Math.log(sigma)) / scale));
  const [low, high] = [share(min), share(max)];
  return (uniform) => {
    const p = low + uniform * (high - low);
    return Math.exp(median + scale * Math.log(p / (1 - p)));
  };
}

/**
 * ln sigma is uniform: `rand_log_uniform` of k-diffusion.
 *
 * @param min Lowest sigma, positive.
 * @param max Highest sigma.
 * @returns Quantile function.
 */
export function logUniformSigma(min: number, max: number): SigmaDistribution {
  return (uniform) => min * (max / min) ** uniform;
}

/** Options of {@linkcode vDiffusionSigma}. */
export interface VDiffusionOptions extends SigmaBounds {
  /**
   * Standard deviation of the data.
   *
   * @default {1}
   */
  sigmaData?: number;
}

/**
 * sigma = σ_data · tan of a uniform angle, the levels of v-diffusion with the cosine schedule: `rand_v_diffusion` of
 * k-diffusion.
 *
 * @param options Standard deviation of the data and bounds.
 * @returns Quantile function.
 */
export function vDiffusionSigma(
  { sigmaData = 1, min = 0, max = Infinity }: VDiffusionOptions = {},
): SigmaDistribution {
  const [low, high] = [Math.atan(min / sigmaData), Math.atan(max / sigmaData)];
  return (uniform) => sigmaData * Math.tan(low + uniform * (high - low));
}

/** Options of {@linkcode cosineInterpolatedSigma}. */
export interface CosineInterpolatedOptions {
  /** Width of the pictures in pixels. */
  imageSize: number;
  /** Resolution whose schedule holds at high noise. */
  noisySize: number;
  /** Resolution whose schedule holds at low noise. */
  cleanSize: number;
  /**
   * Standard deviation of the data.
   *
   * @default {1}
   */
  sigmaData?: number;
  /**
   * Lowest sigma, positive.
   *
   * @default {0.001}
   */
  min?: number;
  /**
   * Highest sigma.
   *
   * @default {1000}
   */
  max?: number;
}

/**
 * The interpolated cosine schedule of Hoogeboom et al. (2023) at a uniform time: `rand_cosine_interpolated` of
 * k-diffusion.
 *
 * @param options Resolutions and bounds.
 * @returns Quantile function.
 */
export function cosineInterpolatedSigma(
  { imageSize, noisySize, cleanSize, sigmaData = 1, min = 1e-3, max = 1e3 }:
    CosineInterpolatedOptions,
): SigmaDistribution {
  const shifted = (size: number) => {
    const shift = 2 * Math.log(size / imageSize);
    const bounds = {
      min: -2 * Math.log(max / sigmaData) - shift,
      max: -2 * Math.log(min / sigmaData) - shift,
    };
    return shiftedLogSnr(boundedCosineLogSnr(bounds), size, imageSize);
  };
  const logSnr = interpolatedLogSnr(shifted(noisySize), shifted(cleanSize));
  return (uniform) => Math.exp(-logSnr(uniform) / 2) * sigmaData;
}
