import { type Level, noiseToSignal } from "../level.ts";
import { type Schedule, scheduleLevel } from "./schedule.ts";

/**
 * How noise levels between two indices are found, given their noise-to-signal ratios σ and a weight of the second one.
 */
export type Interpolation = (
  low: number,
  high: number,
  weight: number,
) => number;

/** Straight in σ, as in diffusers. */
export function linearInSigma(
  low: number,
  high: number,
  weight: number,
): number {
  return low + weight * (high - low);
}

/** Straight in ln σ, as in k-diffusion. */
export function linearInLogSigma(
  low: number,
  high: number,
  weight: number,
): number {
  return Math.exp((1 - weight) * Math.log(low) + weight * Math.log(high));
}

/**
 * The noise level of an index that may lie between two whole ones.
 *
 * @param schedule Discrete process.
 * @param index Number from 0 to T − 1, or −1, the clean image.
 * @param interpolation Between whole indices.
 * @returns Variance-preserving level with `t` = index.
 * @throws {RangeError} If the index is outside.
 */
export function levelAt(
  schedule: Schedule,
  index: number,
  interpolation: Interpolation = linearInSigma,
): Level {
  const low = Math.floor(index);
  if (low === index || !(index > 0)) return scheduleLevel(schedule, index);
  const [a, b] = [low, low + 1].map((i) =>
    noiseToSignal(scheduleLevel(schedule, i))
  ) as [number, number];
  return vpSigmaLevel(interpolation(a, b, index - low), index);
}

/**
 * The variance-preserving level of a noise-to-signal ratio: alpha = 1 / √(1 + σ²).
 *
 * @param sigma Noise-to-signal ratio, at least 0; Infinity is pure noise.
 * @param t Coordinate of the level in its schedule.
 * @returns Level.
 */
export function vpSigmaLevel(sigma: number, t: number): Level {
  const alpha = 1 / Math.sqrt(1 + sigma ** 2);
  return { alpha, sigma: sigma === Infinity ? 1 : sigma * alpha, t };
}

/**
 * The index, mostly between two whole ones, at which a process reaches a noise-to-signal ratio: straight in ln σ, kept
 * inside 0 … T − 1. It is what a network trained on whole indices is told of a level from another grid.
 *
 * @param schedule Discrete process.
 * @param sigma Noise-to-signal ratio, at least 0; Infinity is pure noise, the last index.
 * @returns Index from 0 to T − 1.
 */
export function indexOfSigma(
  { alphaBars, length }: Schedule,
  sigma: number,
): number {
  const logSigma = (i: number) =>
    0.5 * Math.log((1 - alphaBars[i]!) / alphaBars[i]!);
  const wanted = Math.log(Math.max(sigma, 1e-10));
  let [low, high] = [0, length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (logSigma(middle) <= wanted) low = middle;
    else high = middle;
  }
  if (low === high) return low;
  const [a, b] = [logSigma(low), logSigma(high)];
  if (wanted === Infinity) return high;
  return b === Infinity
    ? low
    : low + Math.min(1, Math.max(0, (wanted - a) / (b - a)));
}
