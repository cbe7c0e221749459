import { type Level, veLevel } from "../level.ts";

/**
 * Levels of a variance-exploding run (EDM, k-diffusion): `alpha` 1 and `t` = sigma.
 *
 * @param sigmas Noise levels from noisy to clean, each positive and below the one before, the last one 0.
 * @returns One level a sigma.
 * @throws {RangeError} If the sigmas do not strictly decrease to 0.
 */
export function sigmaLevels(sigmas: ArrayLike<number>): Level[] {
  return Array.from(sigmas, (sigma, i) => {
    const valid = i === sigmas.length - 1
      ? sigma === 0
      : sigma > 0 && sigma < (i === 0 ? Infinity : sigmas[i - 1]!);
    if (!valid) {
      throw new RangeError(
        `Cannot list levels as 'sigmas[${i}]' must be ${
          i === sigmas.length - 1
            ? "0, the clean image"
            : "positive and below the one before"
        }: current value is ${sigma}`,
      );
    }
    return veLevel(sigma);
  });
}
