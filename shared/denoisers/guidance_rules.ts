import { type Floats, like, mix } from "../floats.ts";
import { type Combination, linearGuidance } from "./guide.ts";
import { PREDICTIONS, type PredictionWeights } from "./predictions.ts";

/** Options for {@linkcode rescaledGuidance}. */
export interface RescaledGuidanceOptions {
  /**
   * What is rescaled: one of `PREDICTIONS`, defined at every level of the run. The paper and `rescale_noise_cfg` of
   * diffusers rescale what the network predicts.
   * @default {PREDICTIONS.x0}
   */
  of?: PredictionWeights;
}

/**
 * Guidance whose result has the standard deviation of the conditional prediction, mixed by `phi` with the plain one: Lin
 * et al. (2023), equations 15 and 16, per image. An image whose plain guidance is flat is left as it is.
 *
 * @param phi Share of the rescaled result, from 0 to 1.
 * @throws {RangeError} If `phi` is out of range.
 */
export function rescaledGuidance(
  phi = 0.7,
  { of = PREDICTIONS.x0 }: RescaledGuidanceOptions = {},
): Combination {
  requireShare("phi", phi, 0, 1);
  return (conditional, unconditional, scale, { x, level, images }) => {
    const plain = linearGuidance(conditional, unconditional, scale);
    const [skip, out] = of(level); // x0 = skip·x + out·F
    const output = (x0: typeof x) =>
      skip === 0 ? x0 : mix(1 / out, x0, -skip / out, x);
    const wanted = output(conditional);
    const rescaled = eachImage(output(plain), images, (image, from, to) => {
      const spread = deviation(image);
      if (spread === 0) return;
      const target = deviation(wanted.subarray(from, to));
      const factor = phi * target / spread + 1 - phi;
      for (let i = 0; i < image.length; i++) image[i]! *= factor;
    });
    return skip === 0 ? rescaled : mix(skip, x, out, rescaled);
  };
}

/** Options for {@linkcode centredGuidance}. */
export interface CentredGuidanceOptions {
  /**
   * Share of the means that is left alone, from 0 to 1.
   * @default {1}
   */
  share?: number;
}

/**
 * Linear guidance that leaves the mean of each channel as the conditional prediction has it. Brightness and saturation
 * stay what they were, where the linear rule strengthens them with everything else.
 *
 * @param channels How many channels an image has, one after the other: `[channels, height, width]`.
 * @throws {RangeError} If `channels` is no integer >= 1, or `share` is not in [0, 1].
 */
export function centredGuidance(
  channels: number,
  { share = 1 }: CentredGuidanceOptions = {},
): Combination {
  if (!Number.isInteger(channels) || channels < 1) {
    throw new RangeError(
      `Cannot guide as channels must be an integer >= 1: current value is ${channels}`,
    );
  }
  if (!(share >= 0 && share <= 1)) {
    throw new RangeError(
      `Cannot guide as 'share' must be in [0, 1]: current value is ${share}`,
    );
  }
  return (conditional, unconditional, scale, { images }) => {
    const difference = mix(1, conditional, -1, unconditional);
    return eachImage(
      difference,
      images * channels,
      (channel, from, to) => {
        const plain = conditional.subarray(from, to);
        let mean = 0;
        for (const value of channel) mean += value / channel.length;
        for (let i = 0; i < channel.length; i++) {
          channel[i] = plain[i]! + (scale - 1) * (channel[i]! - share * mean);
        }
      },
    );
  };
}

/** Options for {@linkcode projectedGuidance}. */
export interface ProjectedGuidanceOptions {
  /**
   * Weight of the part of the guidance that is parallel to the conditional prediction and saturates it.
   * @default {0}
   */
  parallel?: number;
  /**
   * Largest norm of an image's guidance.
   * @default {Infinity}
   */
  maxNorm?: number;
  /**
   * Weight of the guidance of earlier evaluations, below 0 to push off from it.
   * @default {0}
   */
  momentum?: number;
}

/** Adaptive projected guidance, Sadat et al. (2024), algorithm 1. */
export function projectedGuidance(
  options: ProjectedGuidanceOptions = {},
): Combination {
  const { parallel = 0, maxNorm = Infinity, momentum = 0 } = options;
  requireShare("momentum", momentum, -1, 1);
  requireShare("maxNorm", maxNorm, 0, Infinity);
  return (conditional, unconditional, scale, { images, memory }) => {
    let difference = mix(1, conditional, -1, unconditional);
    if (momentum !== 0 && memory !== undefined) {
      const before = memory.get("projected-guidance") as typeof difference;
      if (before !== undefined) {
        difference = mix(1, difference, momentum, before);
      }
      memory.set("projected-guidance", difference.slice());
    }
    return eachImage(difference, images, (image, from, to) => {
      const towards = conditional.subarray(from, to);
      const shrink = Math.min(1, maxNorm / Math.sqrt(dot(image, image)));
      const along = dot(image, towards) / dot(towards, towards) || 0;
      for (let i = 0; i < image.length; i++) {
        const removed = (1 - parallel) * along * towards[i]!;
        image[i] = towards[i]! + (scale - 1) * shrink * (image[i]! - removed);
      }
    });
  };
}

/**
 * CFG-Zero*, Fan et al. (2025), for flow matching: the unconditional velocity is scaled to lie as near to the conditional
 * one as it can, and steps from levels where `isZero` holds stand still.
 *
 * @param isZero Whether the velocity is 0 at a level; the paper's is the first 4 % of the steps.
 */
export function zeroStarGuidance(
  isZero: (level: { alpha: number; sigma: number; t: number }) => boolean =
    () => false,
): Combination {
  return (conditional, unconditional, scale, { x, level, images }) => {
    // u = (x − (alpha + sigma)·x0) / sigma and back, see fromFlow()
    const sum = level.alpha + level.sigma;
    if (isZero(level)) return mix(1 / sum, x, 0, x);
    const velocity = (x0: typeof x) =>
      mix(1 / level.sigma, x, -sum / level.sigma, x0);
    const wanted = velocity(conditional);
    const other = velocity(unconditional);
    const guided = eachImage(wanted, images, (image, from, to) => {
      const free = other.subarray(from, to);
      const fit = dot(image, free) / (dot(free, free) + 1e-8);
      for (let i = 0; i < image.length; i++) {
        image[i] = fit * free[i]! + scale * (image[i]! - fit * free[i]!);
      }
    });
    return mix(1 / sum, x, -level.sigma / sum, guided);
  };
}

/** A copy of `x` in which every image was changed in place. */
function eachImage<T extends Floats>(
  x: T,
  images: number,
  change: (image: Floats, from: number, to: number) => void,
): T {
  const out = like(x);
  out.set(x);
  const size = x.length / images;
  for (let from = 0; from < x.length; from += size) {
    change(out.subarray(from, from + size), from, from + size);
  }
  return out;
}

function dot(a: Floats, b: Floats): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Standard deviation with n − 1, as in torch; exactly 0 where all numbers are the same. */
function deviation(x: Floats): number {
  const first = x[0]!;
  let mean = 0;
  for (const value of x) mean += (value - first) / x.length;
  let sum = 0;
  for (const value of x) sum += (value - first - mean) ** 2;
  return Math.sqrt(sum / (x.length - 1));
}

function requireShare(
  name: string,
  value: number,
  low: number,
  high: number,
): void {
  if (!(value >= low && value <= high)) {
    throw new RangeError(
      `Cannot guide as ${name} must be in [${low}, ${high}]: current value is ${value}`,
    );
  }
}
