import { isNoisier, type Level } from "./level.ts";
import type { NoiseSource } from "./random/noise_source.ts";
import type { Solver } from "./solvers/solver.ts";

/** Refuses levels that no run can visit, or that the solver cannot. */
export function checkLevels(levels: readonly Level[], solver: Solver): void {
  if (levels.length < 2) refuse("levels must be at least two", levels.length);
  for (const [i, { alpha, sigma }] of levels.entries()) {
    const total = alpha + sigma;
    if (!(alpha >= 0 && sigma >= 0 && total > 0 && total < Infinity)) {
      refuse(`levels[${i}] must have finite alpha and sigma >= 0`, levels[i]);
    }
  }
  const { direction = "down", name } = solver;
  if (direction === "any") return;
  const down = direction === "either"
    ? isNoisier(levels[0]!, levels[1]!)
    : direction === "down";
  for (let i = 1; i < levels.length; i++) {
    const pair = levels.slice(i - 1, i + 1) as [Level, Level];
    const [more, less] = down ? pair : pair.reverse() as [Level, Level];
    if (!isNoisier(more, less)) {
      const wanted = down ? "less" : "more";
      refuse(`${name} needs ${wanted} noise at levels[${i}]`, pair);
    }
  }
}

/** Refuses two starts at once, and noise of no deviation. */
export function checkStart(
  { start, image, startScale = 0 }: {
    start?: unknown;
    image?: unknown;
    startScale?: number;
  },
): void {
  if (start !== undefined && image !== undefined) {
    refuse("start and image must not both be given", "both");
  }
  if (!(startScale >= 0 && startScale < Infinity)) {
    refuse("startScale must be finite and >= 0", startScale);
  }
}

/** Refuses a start that is not of whole images, and noise sources that do not go with them. */
export function checkImages(
  images: number,
  { length }: readonly NoiseSource[],
  { name, stochastic }: Solver,
): void {
  if (!Number.isInteger(images) || images < 1) {
    refuse("seeds or start must be of one image of 'size' or more", images);
  }
  if (length !== images && (stochastic || length > 0)) {
    refuse(
      `${name} needs one seed or noise source an image`,
      `${length} for ${images}`,
    );
  }
}

function refuse(reason: string, value: unknown): never {
  throw new RangeError(
    `Cannot sample as ${reason}: current value is ${JSON.stringify(value)}`,
  );
}
