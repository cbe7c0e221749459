/**
 * Splits a step to `sigmaNext` into a deterministic step to `down` and noise of standard deviation `up`, so that
 * `down² + up² = sigmaNext²`. η = 1 is the variance of DDPM. Sigmas are those of a process whose `alpha` is 1.
 */
export function ancestral(
  sigma: number,
  sigmaNext: number,
  eta: number,
): { down: number; up: number } {
  const up = Math.min(
    sigmaNext,
    eta * sigmaNext * Math.sqrt(1 - (sigmaNext / sigma) ** 2),
  );
  return { down: Math.sqrt(Math.max(0, sigmaNext ** 2 - up ** 2)), up };
}
