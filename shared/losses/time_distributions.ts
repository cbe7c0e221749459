import { normalQuantile } from "../random/normal_quantile.ts";

/** A training distribution of times in [0, 1], given by its quantiles: turns a uniform number in (0, 1) into a time. */
export type TimeDistribution = (uniform: number) => number;

/** Options of {@linkcode logitNormalTime}. */
export interface LogitNormalOptions {
  /**
   * Mean of the logit; above 0 favours noise.
   *
   * @default {0}
   */
  mean?: number;
  /**
   * Standard deviation of the logit.
   *
   * @default {1}
   */
  std?: number;
}

/**
 * The logit of the time is normal: Esser et al. (2024), equation 19, for rectified flows.
 *
 * @param options Mean and standard deviation of the logit.
 * @returns Quantile function.
 */
export function logitNormalTime(
  { mean = 0, std = 1 }: LogitNormalOptions = {},
): TimeDistribution {
  return (uniform) => 1 / (1 + Math.exp(-mean - std * normalQuantile(uniform)));
}

/**
 * Times with heavy tails: 1 − u − s·(cos²(π u / 2) − 1 + u), Esser et al. (2024), equation 20.
 *
 * @param scale s in [−1, 2 / (π − 2)]; positive favours the middle.
 * @returns Function of a uniform number.
 * @throws {RangeError} If the scale is out of range, where times would repeat.
 */
export function modeTime(scale = 1.29): TimeDistribution {
  if (!(scale >= -1 && scale <= 2 / (Math.PI - 2))) {
    throw new RangeError(
      `Cannot draw times as 'scale' must be from -1 to ${
        2 / (Math.PI - 2)
      }: current value is ${scale}`,
    );
  }
  return (uniform) =>
    1 - uniform - scale * (Math.cos(Math.PI / 2 * uniform) ** 2 - 1 + uniform);
}

/**
 * A whole timestep for a uniform number.
 *
 * @param length Number of levels T.
 * @returns Function from (0, 1) to an index from 0 to T − 1.
 */
export function uniformTimestep(length: number): TimeDistribution {
  return (uniform) => Math.min(length - 1, Math.floor(uniform * length));
}
