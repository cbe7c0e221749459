import { type Level, veLevel } from "../level.ts";

/** Options of {@linkcode sigmaLevels}. */
export interface SigmaLevelsOptions {
  /**
   * Whether the list may end in noise, as for consistency models and for runs that another model finishes.
   *
   * @default {false}
   */
  open?: boolean;
}

/**
 * Levels of a variance-exploding run (EDM, k-diffusion): `alpha` 1 and `t` = sigma.
 *
 * @param sigmas Noise levels from noisy to clean, each below the one before, the last one 0.
 * @param options Whether the list may end in noise.
 * @returns One level a sigma.
 * @throws {RangeError} If the sigmas do not strictly decrease to 0.
 */
export function sigmaLevels(
  sigmas: ArrayLike<number>,
  { open = false }: SigmaLevelsOptions = {},
): Level[] {
  return Array.from(sigmas, (sigma, i) => {
    const last = i === sigmas.length - 1;
    const below = i === 0 ? Infinity : sigmas[i - 1]!;
    if (
      !(sigma < below && (sigma > 0 || last && sigma === 0) &&
        (!last || open || sigma === 0))
    ) {
      const wanted = last && !open
        ? "0, the clean image"
        : "positive and below the one before";
      throw new RangeError(
        `Cannot list levels as 'sigmas[${i}]' must be ${wanted}: current value is ${sigma}`,
      );
    }
    return veLevel(sigma);
  });
}
