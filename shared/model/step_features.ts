import { type Level, noiseToSignal } from "../level.ts";

/**
 * What a network distilled to few steps is told of the step it takes at once, so that one network serves every number
 * of steps (after Salimans & Ho 2022 and Frans et al. 2024): sin(π·k·d/2) for k = 1 … n, where d = 1 − r′/r is the share
 * of the noise-to-signal ratio r that the step removes. All are 0 for an endless number of steps, where the network is
 * the plain denoiser; d = 1 for a step to the clean picture.
 *
 * @param level Where the step starts.
 * @param next Where it ends; at most as noisy.
 * @param count How many features, n.
 * @returns `count` numbers in [−1, 1].
 * @throws {RangeError} If the step leads to more noise.
 */
export function stepFeatures(
  level: Level,
  next: Level,
  count: number,
): Float32Array {
  const [from, to] = [noiseToSignal(level), noiseToSignal(next)];
  // Both may be infinite, which is no step at all.
  const share = to === from ? 0 : from === Infinity ? 1 : 1 - to / from;
  if (!(share >= 0)) {
    throw new RangeError(
      `Cannot describe a step as it must not lead to more noise: current value is ${from} to ${to}`,
    );
  }
  return Float32Array.from(
    { length: count },
    (_, i) => Math.sin(Math.PI * (i + 1) * share / 2),
  );
}
