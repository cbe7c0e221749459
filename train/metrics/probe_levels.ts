/**
 * The noise levels at which networks are compared, whatever their processes.
 *
 * @module
 */

import { type Level, noiseToSignal } from "@emoji/diffusion";
import type { Process } from "@emoji/diffusion/model-config";
import { openProcess } from "@emoji/diffusion/open-process";

/** Noise-to-signal ratios σ, evenly on a logarithmic scale, two or three to a factor of ten. */
export const PROBED_SIGMAS = [0.03, 0.1, 0.3, 1, 3, 10, 30] as const;

/** A level of a process and the ratio that it stands for. */
export interface ProbeLevel {
  /** One of {@linkcode PROBED_SIGMAS}. */
  readonly sigma: number;
  /** Coordinate of the level in its process. */
  readonly t: number;
}

/** Largest factor between a ratio and that of the nearest level of a table. */
const NEAR = 1.5;

/** Finds the levels of a process with the probed ratios; ratios that it does not reach are left out. */
export function probeLevels(process: Process): ProbeLevel[] {
  const model = openProcess(process);
  const { schedule } = model;
  const find = schedule
    ? (sigma: number) => nearest(model.level, schedule.length, sigma)
    : (sigma: number) => search(model.level, range(process), sigma);
  return PROBED_SIGMAS.flatMap((sigma) => {
    const t = find(sigma);
    const ratio = noiseToSignal(model.level(t)) / sigma;
    return ratio < NEAR && ratio > 1 / NEAR ? [{ sigma, t }] : [];
  });
}

/** First and last coordinate of a continuous process. */
function range(process: Process): [low: number, high: number] {
  return process.type === "edm" ? [process.sigmaMin, process.sigmaMax] : [0, 1];
}

/** Bisection, as noise grows with the coordinate. */
function search(
  level: (t: number) => Level,
  [low, high]: [number, number],
  sigma: number,
): number {
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (noiseToSignal(level(middle)) < sigma) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The index whose ratio is nearest by its logarithm. */
function nearest(
  level: (t: number) => Level,
  length: number,
  sigma: number,
): number {
  const distance = (t: number) =>
    Math.abs(Math.log(noiseToSignal(level(t)) / sigma));
  let best = 0;
  for (let t = 1; t < length; t++) {
    if (distance(t) < distance(best)) best = t;
  }
  return best;
}
