/** Frequencies that grow by `2^(1/6)` from 0.25: Fourier features of c_noise, in cycles. */
export function fourierFrequencies(count: number): number[] {
  return Array.from({ length: count }, (_, i) => 0.25 * 2 ** (i / 6));
}

/**
 * Frequencies of the sinusoidal embedding of an index, in cycles: `maxPeriod^(−i/count) / 2π` (Vaswani et al. 2017; Ho
 * et al. 2020).
 */
export function sinusoidalFrequencies(
  count: number,
  maxPeriod = 10_000,
): number[] {
  return Array.from(
    { length: count },
    (_, i) => maxPeriod ** (-i / count) / (2 * Math.PI),
  );
}
