import type { Level } from "../level.ts";

/** Log signal-to-noise ratio ln(alpha² / sigma²) as a function of time in [0, 1], decreasing. */
export type LogSnr = (time: number) => number;

/**
 * The variance-preserving level of a log signal-to-noise ratio: alpha² = sigmoid(logSnr), sigma² = sigmoid(−logSnr).
 * Kingma et al. (2021), section 3.1.
 *
 * @param logSnr Log signal-to-noise ratio; ±∞ are the clean image and pure noise.
 * @param t Coordinate of the level in its schedule.
 * @returns Level.
 */
export function logSnrLevel(logSnr: number, t: number): Level {
  return {
    alpha: Math.sqrt(sigmoid(logSnr)),
    sigma: Math.sqrt(sigmoid(-logSnr)),
    t,
  };
}

/**
 * −ln(expm1(10⁻⁴ + 10 t²)), the linear beta schedule in continuous time: Kingma et al. (2021), and lucidrains.
 *
 * @param time Time in [0, 1].
 * @returns Log signal-to-noise ratio.
 */
export function linearLogSnr(time: number): number {
  return -Math.log(Math.expm1(1e-4 + 10 * time ** 2));
}

/** Options of {@linkcode cosineLogSnr}. */
export interface CosineLogSnrOptions {
  /**
   * Offset in time.
   *
   * @default {0.008}
   */
  s?: number;
  /**
   * Least noise-to-signal ratio, which bounds the log signal-to-noise ratio above.
   *
   * @default {0.00001}
   */
  min?: number;
}

/**
 * −ln(cos⁻²((t + s) / (1 + s) · π/2) − 1), the cosine schedule in continuous time: Nichol and Dhariwal (2021), and
 * lucidrains.
 *
 * @param options Offset and bound.
 * @returns Function of time.
 */
export function cosineLogSnr(
  { s = 0.008, min = 1e-5 }: CosineLogSnrOptions = {},
): LogSnr {
  return (time) =>
    -Math.log(
      Math.max(Math.cos((time + s) / (1 + s) * Math.PI / 2) ** -2 - 1, min),
    );
}

/** Options of {@linkcode boundedCosineLogSnr}. */
export interface LogSnrBounds {
  /**
   * Value at time 1.
   *
   * @default {-15}
   */
  min?: number;
  /**
   * Value at time 0.
   *
   * @default {15}
   */
  max?: number;
}

/**
 * −2 ln tan of a time between two bounds: the cosine schedule of Hoogeboom et al. (2023), "simple diffusion", appendix
 * A.
 *
 * @param options Bounds.
 * @returns Function of time.
 */
export function boundedCosineLogSnr(
  { min = -15, max = 15 }: LogSnrBounds = {},
): LogSnr {
  const first = Math.atan(Math.exp(-0.5 * max));
  const last = Math.atan(Math.exp(-0.5 * min));
  return (time) => -2 * Math.log(Math.tan(first + time * (last - first)));
}

/**
 * Shifts a schedule for another resolution: averaging pixels hides noise, so that larger pictures need more. Hoogeboom
 * et al. (2023), equation 9.
 *
 * @param logSnr Schedule that is right at `from` pixels.
 * @param from Width in pixels that the schedule was made for.
 * @param to Width in pixels of the pictures.
 * @returns logSnr(t) + 2 ln(from / to).
 */
export function shiftedLogSnr(
  logSnr: LogSnr,
  from: number,
  to: number,
): LogSnr {
  const shift = 2 * Math.log(from / to);
  return (time) => logSnr(time) + shift;
}

/**
 * Between two schedules, the first at time 1 and the second at time 0: Hoogeboom et al. (2023), equation 10.
 *
 * @param noisy Schedule for high noise, shifted for a low resolution.
 * @param clean Schedule for low noise, shifted for a high resolution.
 * @returns t · noisy(t) + (1 − t) · clean(t).
 */
export function interpolatedLogSnr(noisy: LogSnr, clean: LogSnr): LogSnr {
  return (time) => time * noisy(time) + (1 - time) * clean(time);
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
