import { type Floats, like } from "../floats.ts";
import { addNoise } from "../process/noising.ts";
import type { DiffusionProcess } from "../process/process.ts";
import { reverseDistribution, type ReverseModel } from "../process/reverse.ts";
import type { NoiseSource } from "../random/noise_source.ts";
import { boundTerms, priorTerms } from "./bound.ts";

/** What a network of a discrete process answers. */
export interface Answer<T extends Floats> {
  /** What it predicts, of the length of the images. */
  readonly output: T;
  /** Its variance channels, of the length of the images, for learned variances. */
  readonly raw?: T;
}

/** Options of {@linkcode bitsPerDimension}. */
export interface BitsOptions<T extends Floats> extends ReverseModel {
  /** The network: noisy images, and the timestep it is told. */
  network: (x: T, timestep: number) => Answer<T> | Promise<Answer<T>>;
  /** Source of each image's noise, so that its bits do not depend on the batch. */
  noise: readonly NoiseSource[];
  /**
   * Whether the clean image is clipped to [−1, 1].
   *
   * @default {true}
   */
  clip?: boolean;
  /** Stops the chain between two steps. */
  signal?: AbortSignal;
}

/** Likelihood bound of one image. */
export interface Bits {
  /** Bits per dimension of the whole bound. */
  readonly total: number;
  /** Part of the end of the chain. */
  readonly prior: number;
  /** Part of each step, by index. */
  readonly terms: Float64Array;
  /** Mean squared error of the clean image, by index. */
  readonly x0Errors: Float64Array;
  /** Mean squared error of the noise that goes with it, by index. */
  readonly noiseErrors: Float64Array;
}

/**
 * The variational bound on the bits per dimension of images over a whole chain: `calc_bpd_loop` of improved-diffusion.
 * One evaluation a step.
 *
 * @param process The process, or a shorter one of some of its steps.
 * @param x0 Clean images in [−1, 1], flat.
 * @param options Network and noise.
 * @returns The bound of each image.
 * @throws {RangeError} If the images and the sources of noise do not fit.
 */
export async function bitsPerDimension<T extends Floats>(
  process: DiffusionProcess,
  x0: T,
  options: BitsOptions<T>,
): Promise<Bits[]> {
  const { network, noise: sources, clip = true, signal, ...model } = options;
  const images = sources.length;
  const size = x0.length / images;
  if (!Number.isInteger(size) || size === 0) {
    throw new RangeError(
      `Cannot find bits as images must have a source of noise each: current value is ${x0.length} numbers, ${images} sources`,
    );
  }
  const tables = () =>
    Array.from(sources, () => new Float64Array(process.length));
  const [terms, x0Errors, noiseErrors] = [tables(), tables(), tables()];
  const noise = like(x0);
  for (let t = process.length - 1; t >= 0; t--) {
    signal?.throwIfAborted();
    const level = process.levels[t]!;
    sources.forEach((source, k) =>
      source.normal(noise.subarray(k * size, (k + 1) * size))
    );
    const x = addNoise(x0, noise, level);
    const indices = sources.map(() => t);
    const reverse = reverseDistribution(process, {
      x,
      indices,
      ...await network(x, level.t),
    }, { ...model, clip });
    boundTerms(process, { x0, x, indices }, reverse).forEach((bits, k) =>
      terms[k]![t] = bits
    );
    for (let i = 0; i < x0.length; i++) {
      const k = Math.floor(i / size);
      const epsilon = (x[i]! - level.alpha * reverse.x0[i]!) / level.sigma;
      x0Errors[k]![t]! += (reverse.x0[i]! - x0[i]!) ** 2 / size;
      noiseErrors[k]![t]! += (epsilon - noise[i]!) ** 2 / size;
    }
  }
  return priorTerms(process, x0, images).map((prior, k) => ({
    total: terms[k]!.reduce((sum, bits) => sum + bits, prior),
    prior,
    terms: terms[k]!,
    x0Errors: x0Errors[k]!,
    noiseErrors: noiseErrors[k]!,
  }));
}
