import type { Level } from "../level.ts";

/** Checks a solver's number, when the solver is made. */
export function requireNumber(
  name: string,
  value: number,
  low: number,
  high = Infinity,
): void {
  if (!(value >= low && value <= high && value < Infinity)) {
    throw new RangeError(
      `Cannot make a solver as ${name} must be finite and in [${low}, ${high}]: current value is ${value}`,
    );
  }
}

/** Checks a solver's count, when the solver is made. */
export function requireInteger(
  name: string,
  value: number,
  low: number,
  high?: number,
): void {
  if (!Number.isInteger(value) || value < low || value > (high ?? value)) {
    const range = high === undefined ? `>= ${low}` : `from ${low} to ${high}`;
    throw new RangeError(
      `Cannot make a solver as ${name} must be an integer ${range}: current value is ${value}`,
    );
  }
}

/** Checks a solver's order, when the solver is made. */
export function requireOrder(order: number, max: number): void {
  requireInteger("order", order, 1, max);
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
