/** Options of {@linkcode zeroTerminalSnr}. */
export interface ZeroTerminalSnrOptions {
  /**
   * Whether to compute in float32 as torch does, for bit-identical tables.
   *
   * @default {false}
   */
  float32?: boolean;
}

/**
 * Stretches a schedule so that its last level is pure noise: √ᾱ is shifted to end at 0 and scaled to start where it
 * did. Lin et al. (2023), arXiv 2305.08891, algorithm 1.
 *
 * On such a level a network that predicts ε says nothing about the image: sample with x0, v or flow prediction.
 *
 * @param betas Betas of the schedule, at least 2: the first level is kept, the last one loses its signal.
 * @param options Precision.
 * @returns Betas of the new schedule, the last one 1.
 * @throws {RangeError} If there are less than 2 betas.
 */
export function zeroTerminalSnr(
  betas: ArrayLike<number>,
  { float32 = false }: ZeroTerminalSnrOptions = {},
): Float64Array {
  if (betas.length < 2) {
    throw new RangeError(
      `Cannot rescale betas as their number must be at least 2: current value is ${betas.length}`,
    );
  }
  const round = float32 ? Math.fround : Number;
  let product = 1;
  const roots = Float64Array.from(
    betas,
    (beta) => round(Math.sqrt(round(product *= round(1 - round(beta))))),
  );
  const first = roots[0]!;
  const last = roots[roots.length - 1]!;
  const scale = round(first / round(first - last));
  const alphaBars = roots.map((root) =>
    round(round(round(root - last) * scale) ** 2)
  );
  return alphaBars.map((alphaBar, i) =>
    round(1 - (i === 0 ? alphaBar : round(alphaBar / alphaBars[i - 1]!)))
  );
}
