/**
 * KL divergence between two normal distributions in nats, KL(N(mean1, e^logVariance1) ‖ N(mean2, e^logVariance2)).
 *
 * @param mean1 Mean of the first.
 * @param logVariance1 Log variance of the first.
 * @param mean2 Mean of the second.
 * @param logVariance2 Log variance of the second.
 * @returns Divergence, at least 0.
 */
export function normalKl(
  mean1: number,
  logVariance1: number,
  mean2: number,
  logVariance2: number,
): number {
  return 0.5 *
    (logVariance2 - logVariance1 - 1 + Math.exp(logVariance1 - logVariance2) +
      (mean1 - mean2) ** 2 * Math.exp(-logVariance2));
}

/**
 * The normal distribution function by the tanh approximation that improved-diffusion's bounds are defined with; off by
 * up to 3e-4.
 *
 * @param x Any number.
 * @returns About Φ(x).
 */
export function approximateNormalCdf(x: number): number {
  return 0.5 *
    (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
}

/**
 * Log probability in nats of one of 256 brightness values under a normal distribution that is cut into as many cells,
 * the outer ones reaching to infinity: the decoder of Ho et al. (2020), equation 13, as improved-diffusion computes it.
 *
 * @param x Brightness in [−1, 1], a whole number over 127.5 minus 1.
 * @param mean Mean of the distribution.
 * @param logScale Log of its standard deviation.
 * @returns Log probability, at least ln 1e-12.
 */
export function discretizedLogLikelihood(
  x: number,
  mean: number,
  logScale: number,
): number {
  const inverse = Math.exp(-logScale);
  const above = approximateNormalCdf((x - mean + 1 / 255) * inverse);
  const below = approximateNormalCdf((x - mean - 1 / 255) * inverse);
  const probability = x < -0.999
    ? above
    : x > 0.999
    ? 1 - below
    : above - below;
  return Math.log(Math.max(probability, 1e-12));
}
