import { type Denoiser, type Level, veLevel } from "@emoji/diffusion";
import { karrasSigmas } from "@emoji/diffusion/steps";

/** Mean of the data of the analytic problem. */
export const MEAN = 0.3;
/** Standard deviation of the data of the analytic problem. */
export const DEVIATION = 0.5;

/** The ideal denoiser of Gaussian data, on any process: E[x0 | x] for x = alpha·x0 + sigma·ε. */
export const gaussian: Denoiser<Float64Array> = (x, { alpha, sigma }) => {
  const variance = DEVIATION ** 2;
  const total = alpha ** 2 * variance + sigma ** 2;
  return x.map((value) =>
    (MEAN * sigma ** 2 + alpha * variance * value) / total
  );
};

/** Where the probability-flow ODE of {@linkcode gaussian} takes `x` from one level to another. */
export function exact(x: number, from: Level, to: Level): number {
  const deviation = ({ alpha, sigma }: Level) =>
    Math.sqrt(alpha ** 2 * DEVIATION ** 2 + sigma ** 2);
  return to.alpha * MEAN +
    (x - from.alpha * MEAN) * deviation(to) / deviation(from);
}

/** Levels of the reference runs of k-diffusion: Karras from 10 to 0.01. */
export function referenceLevels(steps: number): Level[] {
  return Array.from(
    karrasSigmas(steps, { sigmaMin: 0.01, sigmaMax: 10 }),
    veLevel,
  );
}
