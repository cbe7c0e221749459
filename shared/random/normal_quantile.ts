import {
  farTailQuantile,
  MIDDLE,
  middleQuantile,
  tailQuantile,
} from "./_as241.ts";

/**
 * Quantile of the standard normal distribution, Φ⁻¹(p), by algorithm AS 241, PPND16 (Wichura 1988), relative error
 * about 1e-15.
 *
 * @param p Probability in [0, 1].
 * @returns The number that a standard normal variable stays below with probability `p`; ±∞ at 1 and 0, NaN outside.
 */
export function normalQuantile(p: number): number {
  const q = p - 0.5;
  if (q <= MIDDLE && q >= -MIDDLE) return middleQuantile(q);
  if (p === 0 || p === 1) return q * Infinity;
  const root = Math.sqrt(-Math.log(q < 0 ? p : 1 - p));
  const z = root <= 5 ? tailQuantile(root) : farTailQuantile(root);
  return q < 0 ? -z : z;
}
