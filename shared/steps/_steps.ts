/** Checks a number of steps. */
export function requireSteps(steps: number): void {
  if (!Number.isInteger(steps) || steps < 1) {
    throw new RangeError(
      `Cannot space steps as 'steps' must be an integer of at least 1: current value is ${steps}`,
    );
  }
}

/** Checks the ends of a grid of sigmas. */
export function requireSigmaRange(sigmaMin: number, sigmaMax: number): void {
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

/** Checks the exponent of a polyexponential grid of sigmas. */
export function requireRho(rho: number): void {
  if (!(rho > 0 && rho < Infinity)) {
    throw new RangeError(
      `Cannot space steps as 'rho' must be a positive number: current value is ${rho}`,
    );
  }
}
