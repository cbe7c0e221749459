import type { Floats } from "../floats.ts";
import type { DiffusionProcess } from "../process/process.ts";
import type { ReverseDistribution } from "../process/reverse.ts";
import { discretizedLogLikelihood, normalKl } from "./gaussian.ts";

/** Clean and noisy images. All arrays are flat, [images, size]. */
export interface NoisedImages<T extends Floats> {
  /** Clean images in [−1, 1], of 256 brightness values. */
  readonly x0: T;
  /** The same images with noise. */
  readonly x: T;
  /** Index of the level of each image. */
  readonly indices: readonly number[];
}

/**
 * One term of the variational bound for each image, in bits per dimension: KL(q(x_t−1 | x_t, x0) ‖ p(x_t−1 | x_t)), and
 * for t = 0 the decoder's −log p(x0 | x_1). Ho et al. (2020), equation 5.
 *
 * @param process The process.
 * @param images Clean and noisy images.
 * @param reverse The network's step from the noisy images.
 * @returns A number for each image.
 */
export function boundTerms<T extends Floats>(
  process: DiffusionProcess,
  { x0, x, indices }: NoisedImages<T>,
  { mean, logVariance }: Omit<ReverseDistribution<T>, "x0">,
): number[] {
  const size = x.length / indices.length;
  return indices.map((t, k) => {
    const [ofX0, ofX, logPosterior] = [
      process.posteriorMeanX0[t]!,
      process.posteriorMeanX[t]!,
      process.posteriorLogVariances[t]!,
    ];
    let nats = 0;
    for (let i = k * size; i < (k + 1) * size; i++) {
      nats += t === 0
        ? -discretizedLogLikelihood(x0[i]!, mean[i]!, 0.5 * logVariance[i]!)
        : normalKl(
          ofX0 * x0[i]! + ofX * x[i]!,
          logPosterior,
          mean[i]!,
          logVariance[i]!,
        );
    }
    return nats / size / Math.LN2;
  });
}

/**
 * The bound's term for the end of the chain, KL(q(x_T | x0) ‖ N(0, 1)) in bits per dimension; no network has a part in
 * it.
 *
 * @param process The process.
 * @param x0 Clean images, flat.
 * @param images How many.
 * @returns A number for each image.
 */
export function priorTerms(
  process: DiffusionProcess,
  x0: Floats,
  images: number,
): number[] {
  const size = x0.length / images;
  const last = process.length - 1;
  const alpha = process.sqrtAlphaBars[last]!;
  const logVariance = Math.log1p(-process.alphaBars[last]!);
  return Array.from({ length: images }, (_, k) => {
    let nats = 0;
    for (let i = k * size; i < (k + 1) * size; i++) {
      nats += normalKl(alpha * x0[i]!, logVariance, 0, 0);
    }
    return nats / size / Math.LN2;
  });
}
