/**
 * A noise level of a diffusion process: `x_t = alpha · x0 + sigma · ε` with ε ~ N(0, 1).
 *
 * Variance preserving (DDPM), variance exploding (EDM, k-diffusion) and flow matching processes differ only in the
 * pairs `alpha`, `sigma` they visit. The clean image is the level with `sigma = 0`.
 */
export interface Level {
  /** How much of the clean image is left, >= 0. */
  readonly alpha: number;
  /** Standard deviation of the noise, >= 0. */
  readonly sigma: number;
  /** Where the level lies on its own schedule. DDPM: index 0 … T − 1, EDM: sigma, flow: time in [0, 1]. */
  readonly t: number;
}

/** The level of a variance preserving process: `alpha = √ᾱ`, `sigma = √(1 − ᾱ)`, with ᾱ in [0, 1]. Ho et al. (2020), equation 4. */
export function vpLevel(alphaBar: number, t: number): Level {
  return { alpha: Math.sqrt(alphaBar), sigma: Math.sqrt(1 - alphaBar), t };
}

/** The level of a variance exploding process: `alpha = 1`, `t = sigma`. Karras et al. (2022). */
export function veLevel(sigma: number): Level {
  return { alpha: 1, sigma, t: sigma };
}

/** The level of a straight flow: `alpha = 1 − t`, `sigma = t`, `t` in [0, 1]. Lipman et al. (2023), Liu et al. (2023). */
export function flowLevel(t: number): Level {
  return { alpha: 1 - t, sigma: t, t };
}

/** Half the log signal-to-noise ratio, `λ = ln(alpha / sigma)`: −∞ for pure noise, +∞ for the clean image. Lu et al. (2022). */
export function lambda(level: Level): number {
  return Math.log(level.alpha) - Math.log(level.sigma);
}

/** Signal-to-noise ratio `alpha² / sigma²`. Kingma et al. (2021), equation 3. */
export function snr(level: Level): number {
  return (level.alpha / level.sigma) ** 2;
}

/** Noise-to-signal ratio `sigma / alpha`: the σ that EDM and k-diffusion speak of, whatever the process. */
export function noiseToSignal(level: Level): number {
  return level.sigma / level.alpha;
}

/** Whether `a` has more noise than `b`, judged by the signal-to-noise ratio. */
export function isNoisier(a: Level, b: Level): boolean {
  return a.sigma * b.alpha > b.sigma * a.alpha;
}

/** Coefficients of the Gaussian q(x_s | x_t, x0) = N(x·x_t + x0·x0, variance) for a level s cleaner than t. */
export interface Posterior {
  /** Weight of the noisy image x_t in the mean. */
  readonly x: number;
  /** Weight of the clean image in the mean. */
  readonly x0: number;
  /** Variance β̃ of the posterior: the smallest a reverse step can have. */
  readonly variance: number;
  /** Variance β of the forward step q(x_t | x_s), relative to x_t: the largest a reverse step can have. */
  readonly beta: number;
}

/**
 * The posterior of the step from `level` to the cleaner `next`, for any process: Kingma et al. (2021), appendix A.2;
 * equations 6 and 7 of Ho et al. (2020) for neighbours of a variance preserving one.
 *
 * @param beta The β of a variance preserving step, where a table has it in less than double precision.
 */
export function posterior(
  level: Level,
  next: Level,
  beta?: number,
): Posterior {
  const nextVariance = next.sigma ** 2;
  const variance = level.sigma ** 2;
  const ratio = beta === undefined
    ? level.alpha / next.alpha
    : Math.sqrt(1 - beta);
  const added = beta ?? variance - ratio ** 2 * nextVariance;
  return {
    x: ratio * nextVariance / variance,
    x0: next.alpha * added / variance,
    variance: added * nextVariance / variance,
    beta: added,
  };
}

/**
 * The level of λ = `lambda` on the path between `a` and `b`: variance preserving, exploding or straight where both ends
 * are, else `ln alpha` is linear in λ. `t` is `sigma` where it is at both ends, else linear in λ.
 */
export function between(a: Level, b: Level, lambdaBetween: number): Level {
  const ratio = Math.exp(-lambdaBetween); // sigma / alpha
  const share = (lambdaBetween - lambda(a)) / (lambda(b) - lambda(a));
  const alpha = alphaOnPath(a, b, ratio, share);
  const sigma = ratio * alpha;
  const t = a.t === a.sigma && b.t === b.sigma
    ? sigma
    : a.t + share * (b.t - a.t);
  return { alpha, sigma, t };
}

function alphaOnPath(a: Level, b: Level, ratio: number, share: number): number {
  const both = (test: (level: Level) => number) =>
    Math.abs(test(a)) + Math.abs(test(b)) < 1e-6;
  if (both(({ alpha }) => alpha - 1)) return 1;
  if (both(({ alpha, sigma }) => alpha ** 2 + sigma ** 2 - 1)) {
    return 1 / Math.sqrt(1 + ratio ** 2);
  }
  if (both(({ alpha, sigma }) => alpha + sigma - 1)) return 1 / (1 + ratio);
  return a.alpha * (b.alpha / a.alpha) ** share;
}
