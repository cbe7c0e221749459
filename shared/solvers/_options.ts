import type { Level } from "../level.ts";

/** Checks a solver's number, when the solver is made. */
export function requireNumber(
  name: string,
  value: number,
  low: number,
  high: number = Infinity,
): void {
  if (!(value >= low && value <= high)) {
    throw new RangeError(
      `Cannot make a solver as ${name} must be in [${low}, ${high}]: current value is ${value}`,
    );
  }
}

/** Checks a solver's order, when the solver is made. */
export function requireOrder(order: number, max: number): void {
  if (!Number.isInteger(order) || order < 1 || order > max) {
    throw new RangeError(
      `Cannot make a solver as order must be an integer from 1 to ${max}: current value is ${order}`,
    );
  }
}

/** The check of a method that extrapolates the noise: it divides by alpha, so that it cannot leave a level of pure noise. */
export function refusePureNoise(
  levels: readonly Level[],
): void {
  if (levels.some(({ alpha }) => alpha === 0)) {
    throw new RangeError(
      "Cannot sample as a method that extrapolates the noise needs alpha > 0 at every level, start a flow below time 1: current value is 0",
    );
  }
}
