import type { Floats } from "../floats.ts";
import type { Level } from "../level.ts";

/** The variance of a step, of a network's raw output for one number: makes a function for a step. */
export type LearnedVariance = (
  level: Level,
  next: Level,
) => (raw: number) => number;

/** Adds to `x`, in place, the noise `z` of a standard deviation that the network has learned. */
export function addLearnedNoise<T extends Floats>(
  x: T,
  z: T,
  raw: T | undefined,
  variance: (raw: number) => number,
): T {
  if (raw === undefined) {
    throw new TypeError(
      "Cannot add noise as a learned variance needs its channels, see fromLearnedVariance(): current value is undefined",
    );
  }
  for (let i = 0; i < x.length; i++) {
    x[i]! += Math.sqrt(variance(raw[i]!)) * z[i]!;
  }
  return x;
}
