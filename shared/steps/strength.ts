import { type Level, noiseToSignal } from "../level.ts";

/**
 * The end of a run, for image-to-image: the last floor(n · strength) of its n steps, as in diffusers. The start is the
 * image with the noise of the first level that is left.
 *
 * The amount of noise this means depends on the spacing of the steps; {@linkcode levelsBelow} asks for the noise
 * itself.
 *
 * @param levels Levels of the whole run, noisy to clean.
 * @param strength Share of the steps to make, in (0, 1].
 * @returns Levels of the shorter run.
 * @throws {RangeError} If the strength is out of range or leaves no step.
 */
export function lastLevels(
  levels: readonly Level[],
  strength: number,
): Level[] {
  const steps = levels.length - 1;
  if (!(strength > 0 && strength <= 1)) {
    throw new RangeError(
      `Cannot shorten a run as 'strength' must be in (0, 1]: current value is ${strength}`,
    );
  }
  const kept = Math.floor(steps * strength);
  if (kept < 1) {
    throw new RangeError(
      `Cannot shorten a run as 'strength' must keep one of its ${steps} steps at least: current value is ${strength}`,
    );
  }
  return levels.slice(steps - kept);
}

/**
 * The part of a run that has at most some amount of noise, for image-to-image.
 *
 * @param levels Levels of the whole run, noisy to clean.
 * @param sigma Largest noise-to-signal ratio.
 * @returns Levels of the shorter run.
 * @throws {RangeError} If no step is left.
 */
export function levelsBelow(levels: readonly Level[], sigma: number): Level[] {
  const kept = levels.filter((level) => noiseToSignal(level) <= sigma);
  if (kept.length < 2) {
    throw new RangeError(
      `Cannot shorten a run as 'sigma' must keep one of its steps at least: current value is ${sigma}`,
    );
  }
  return kept;
}
