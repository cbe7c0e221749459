/** Position of step `i` of `n` between 0 and 1, both ends included; 0 for a single step. */
export function ramp(i: number, n: number): number {
  return n > 1 ? i / (n - 1) : 0;
}

/** Checks what every sigma grid is made from. */
export function requireGrid(
  steps: number,
  sigmaMin: number,
  sigmaMax: number,
): void {
  requireSteps(steps);
  if (!(sigmaMin > 0 && sigmaMin < sigmaMax)) {
    throw new RangeError(
      `Cannot space steps as 'sigmaMin' must be positive and below 'sigmaMax' ${sigmaMax}: current value is ${sigmaMin}`,
    );
  }
  if (sigmaMax === Infinity) {
    throw new RangeError(
      "Cannot space steps as 'sigmaMax' must be a finite number: current value is Infinity",
    );
  }
}

/** Checks a number of steps. */
export function requireSteps(steps: number): void {
  if (!Number.isInteger(steps) || steps < 1) {
    throw new RangeError(
      `Cannot space steps as 'steps' must be an integer of at least 1: current value is ${steps}`,
    );
  }
}
