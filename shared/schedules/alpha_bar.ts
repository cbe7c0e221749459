/** ᾱ as a function of time in [0, 1], decreasing. */
export type AlphaBar = (time: number) => number;

/** Options of {@linkcode alphaBarBetas}. */
export interface AlphaBarOptions {
  /**
   * Largest beta, which keeps the last step from dividing by zero.
   *
   * @default {0.999}
   */
  maxBeta?: number;
}

/**
 * Betas that follow a curve of ᾱ: β_i = min(1 − ᾱ((i + 1) / T) / ᾱ(i / T), maxBeta), Nichol and Dhariwal (2021),
 * section 3.2.
 *
 * @param length Number of levels T.
 * @param alphaBar The curve. Its scale does not matter.
 * @param options Largest beta.
 * @returns T betas.
 */
export function alphaBarBetas(
  length: number,
  alphaBar: AlphaBar,
  { maxBeta = 0.999 }: AlphaBarOptions = {},
): Float64Array {
  return Float64Array.from(
    { length },
    (_, i) =>
      Math.min(1 - alphaBar((i + 1) / length) / alphaBar(i / length), maxBeta),
  );
}

/**
 * ᾱ(t) = cos²((t + s) / (1 + s) · π/2), Nichol and Dhariwal (2021), equation 17: "squaredcos_cap_v2" of diffusers. With
 * `maxBeta` 0.999 or a lowest ᾱ it is clipped in both of the ways in use.
 *
 * @param s Offset that keeps the first betas from being too small.
 * @returns The curve.
 */
export function cosineAlphaBar(s = 0.008): AlphaBar {
  return (t) => Math.cos((t + s) / (1 + s) * Math.PI / 2) ** 2;
}

/** Options of {@linkcode sigmoidAlphaBar}. */
export interface SigmoidOptions {
  /**
   * Where on the sigmoid time 0 lies.
   *
   * @default {-3}
   */
  start?: number;
  /**
   * Where on the sigmoid time 1 lies.
   *
   * @default {3}
   */
  end?: number;
  /**
   * Temperature, positive.
   *
   * @default {1}
   */
  tau?: number;
}

/**
 * ᾱ on a sigmoid curve, Jabri et al. (2022), arXiv 2212.11972: the default of lucidrains. For a sigmoid in β see
 * {@linkcode sigmoidBetas}.
 *
 * @param options Part of the sigmoid and temperature.
 * @returns The curve.
 */
export function sigmoidAlphaBar(
  { start = -3, end = 3, tau = 1 }: SigmoidOptions = {},
): AlphaBar {
  const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
  const last = sigmoid(end / tau);
  const first = sigmoid(start / tau);
  return (t) =>
    (last - sigmoid((t * (end - start) + start) / tau)) / (last - first);
}

/**
 * The Laplace schedule of diffusers, after Hang et al. (2024), arXiv 2407.03297. Its betas are not in order.
 *
 * @param time Time in [0, 1].
 * @returns √(snr / (1 + snr)) with ln snr = ∓½ ln(1 − 2 |½ − t| + 10⁻⁶), minus up to t = ½.
 */
export function laplaceAlphaBar(time: number): number {
  const lambda = (time <= 0.5 ? -0.5 : 0.5) *
    Math.log(1 - 2 * Math.abs(0.5 - time) + 1e-6);
  const snr = Math.exp(lambda);
  return Math.sqrt(snr / (1 + snr));
}

/**
 * ᾱ(t) = exp(−12 t), the exponential schedule of diffusers.
 *
 * @param time Time in [0, 1].
 * @returns ᾱ.
 */
export function exponentialAlphaBar(time: number): number {
  return Math.exp(-12 * time);
}
