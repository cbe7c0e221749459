import { linspace } from "../schedules/linspace.ts";
import { roundHalfEven } from "../_round.ts";
import { requireTimesteps } from "./_timesteps.ts";

/** Options of the evenly spaced timesteps. */
export interface SpacingOptions {
  /**
   * Added to every timestep, `steps_offset` of diffusers.
   *
   * @default {0}
   */
  offset?: number;
  /**
   * Whether to space one step more and leave out the last one, as the DPM-Solver family of diffusers does, whose last
   * step goes to the clean image.
   *
   * @default {false}
   */
  dropLast?: boolean;
  /**
   * Whether timesteps are whole numbers; the Euler family of diffusers keeps fractions.
   *
   * @default {true}
   */
  whole?: boolean;
}

/**
 * Multiples of floor(T / n): "leading" of diffusers, and uniform of Song et al. (2021). It never visits the noisiest
 * levels; prefer {@linkcode trailingTimesteps} for few steps.
 *
 * @param length Number of levels T.
 * @param steps Number of steps n, 1 to T.
 * @param options Offset, and whether the last one is left out.
 * @returns n decreasing indices.
 * @throws {RangeError} If the indices would repeat or leave 0 … T − 1.
 */
export function leadingTimesteps(
  length: number,
  steps: number,
  { offset = 0, dropLast = false }: SpacingOptions = {},
): number[] {
  const extra = dropLast ? 1 : 0;
  const stride = Math.floor(length / (steps + extra));
  return requireTimesteps(
    Array.from(
      { length: steps },
      (_, i) => (steps - 1 - i + extra) * stride + offset,
    ),
    length,
    steps,
  );
}

/**
 * Counts down from the noisiest level by T / n: "trailing" of diffusers, the best choice of Lin et al. (2023), arXiv
 * 2305.08891, table 2.
 *
 * Upstream's floating-point range overshoots to n + 1 entries for 62 values of n at T = 1000; here every entry is
 * computed by itself.
 *
 * @param length Number of levels T.
 * @param steps Number of steps n, 1 to T.
 * @returns n decreasing indices, the first T − 1.
 * @throws {RangeError} If n is not an integer from 1 to T.
 */
export function trailingTimesteps(length: number, steps: number): number[] {
  const stride = length - (length - length / steps); // rounded as numpy.arange rounds it, which decides between halves
  return requireTimesteps(
    Array.from(
      { length: steps },
      (_, i) => roundHalfEven(length - i * stride) - 1,
    ),
    length,
    steps,
  );
}

/**
 * Evenly from T − 1 to 0, both included: "linspace" of diffusers.
 *
 * @param length Number of levels T.
 * @param steps Number of steps n, 1 to T.
 * @param options Offset, whether the last one is left out, and whether fractions are kept.
 * @returns n decreasing indices; a single one is 0, as in diffusers.
 * @throws {RangeError} If the indices would repeat or leave 0 … T − 1.
 */
export function linspaceTimesteps(
  length: number,
  steps: number,
  { offset = 0, dropLast = false, whole = true }: SpacingOptions = {},
): number[] {
  const rising = linspace(0, length - 1, steps + (dropLast ? 1 : 0)).subarray(
    dropLast ? 1 : 0,
  );
  return requireTimesteps(
    Array.from(
      rising.reverse(),
      (t) => (whole ? roundHalfEven(t) : t) + offset,
    ),
    length,
    steps,
  );
}

/** Options of {@linkcode quadraticTimesteps}. */
export interface QuadraticOptions {
  /**
   * Share of the T levels that is used, in (0, 1].
   *
   * @default {0.8}
   */
  share?: number;
}

/**
 * Squares of an even grid up to √(0.8 T): "quad" of Song et al. (2021), appendix D.3, for CIFAR-10.
 *
 * Upstream lists duplicates where n is large (n = 50 starts 0, 0, 1); here that is an error.
 *
 * @param length Number of levels T.
 * @param steps Number of steps n.
 * @param options Share of the levels.
 * @returns n decreasing indices.
 * @throws {RangeError} If the indices would repeat or leave 0 … T − 1.
 */
export function quadraticTimesteps(
  length: number,
  steps: number,
  { share = 0.8 }: QuadraticOptions = {},
): number[] {
  const roots = linspace(0, Math.sqrt(length * share), steps);
  return requireTimesteps(
    Array.from(roots.reverse(), (root) => Math.floor(root ** 2)),
    length,
    steps,
  );
}

/**
 * Evenly from T − 1 towards −1, cut to whole numbers: lucidrains.
 *
 * @param length Number of levels T.
 * @param steps Number of steps n, 1 to T.
 * @returns n decreasing indices.
 * @throws {RangeError} If n is not an integer from 1 to T.
 */
export function truncatedTimesteps(length: number, steps: number): number[] {
  const rising = linspace(-1, length - 1, steps + 1).subarray(1);
  return requireTimesteps(
    Array.from(rising.reverse(), Math.trunc),
    length,
    steps,
  );
}

/**
 * Timesteps of your own.
 *
 * @param length Number of levels T.
 * @param timesteps Indices, noisy to clean.
 * @returns The same numbers.
 * @throws {RangeError} If they do not strictly decrease or leave 0 … T − 1.
 */
export function customTimesteps(
  length: number,
  timesteps: readonly number[],
): number[] {
  return requireTimesteps([...timesteps], length, timesteps.length);
}
