import type { Floats } from "../floats.ts";
import type { Level } from "../level.ts";
import type { Denoiser, Network } from "./denoiser.ts";
import { precondition } from "./precondition.ts";

/** Options of the prediction types. */
export interface PredictionOptions {
  /**
   * The level of the network's own process that has the signal-to-noise ratio of a level of the run. The images are
   * rescaled to it, so that a network trained on one process serves a run over any other.
   * @default {(level) => level}
   */
  native?: (level: Level) => Level;
  /**
   * What the network hears of its own level.
   * @default {(level) => level.t}
   */
  tell?: (level: Level) => number;
}

/** Weights of x and of the network's output in x0. */
export type PredictionWeights = (
  level: Level,
) => readonly [skip: number, out: number];

/** What a network can predict. */
export type PredictionName = "epsilon" | "x0" | "v" | "flow" | "score";

/** The noise: `x0 = (x − sigma·ε) / alpha`. Ho et al. (2020), equation 15. */
const epsilon: PredictionWeights = (
  { alpha, sigma },
) => [1 / alpha, -sigma / alpha];

/** The clean images. */
const x0: PredictionWeights = () => [0, 1];

/** `v = alpha·ε − sigma·x0`. Salimans and Ho (2022), appendix D. */
const v: PredictionWeights = ({ alpha, sigma }) => {
  const norm = alpha ** 2 + sigma ** 2;
  return [alpha / norm, -sigma / norm];
};

/** The velocity `ε − x0` of a straight flow. Lipman et al. (2023). */
const flow: PredictionWeights = (
  { alpha, sigma },
) => [1 / (alpha + sigma), -sigma / (alpha + sigma)];

/** The score `∇ ln p(x) = −ε / sigma`. Song et al. (2021). */
const score: PredictionWeights = (
  { alpha, sigma },
) => [1 / alpha, sigma ** 2 / alpha];

/** What a network can predict, by name. Training makes its target of the same weights: `(x0 − skip·x) / out`. */
export const PREDICTIONS: Readonly<Record<PredictionName, PredictionWeights>> =
  { epsilon, x0, v, flow, score };

function predicting<T extends Floats>(
  network: Network<T>,
  weights: PredictionWeights,
  { native = (level) => level, tell = (level) => level.t }: PredictionOptions =
    {},
): Denoiser<T> {
  return precondition(network, (level) => {
    const own = native(level);
    const scale = rescaling(level, own);
    const [skip, out] = weights(own);
    return { skip: skip * scale, out, scale, told: tell(own) };
  });
}

/** The factor from images at `level` to images at `own`, a level of the same signal-to-noise ratio. */
function rescaling(level: Level, own: Level): number {
  if (own === level) return 1;
  return level.alpha > level.sigma
    ? own.alpha / level.alpha
    : own.sigma / level.sigma;
}

/**
 * The denoiser of a network that predicts the noise ε: `x0 = (x − sigma·ε) / alpha`. Ho et al. (2020), equation 15.
 * It is undefined where `alpha` is 0 (a zero terminal signal-to-noise ratio): such a run is refused.
 */
export function fromEpsilon<T extends Floats = Float32Array>(
  network: Network<T>,
  options?: PredictionOptions,
): Denoiser<T> {
  return predicting(network, epsilon, options);
}

/** The denoiser of a network that predicts the clean images. */
export function fromX0<T extends Floats = Float32Array>(
  network: Network<T>,
  options?: PredictionOptions,
): Denoiser<T> {
  return predicting(network, x0, options);
}

/** The denoiser of a network that predicts `v = alpha·ε − sigma·x0`. Salimans and Ho (2022), appendix D. */
export function fromV<T extends Floats = Float32Array>(
  network: Network<T>,
  options?: PredictionOptions,
): Denoiser<T> {
  return predicting(network, v, options);
}

/** The denoiser of a network that predicts the velocity `ε − x0` of a straight flow. Lipman et al. (2023). */
export function fromFlow<T extends Floats = Float32Array>(
  network: Network<T>,
  options?: PredictionOptions,
): Denoiser<T> {
  return predicting(network, flow, options);
}

/** The denoiser of a network that predicts the score `∇ ln p(x) = −ε / sigma`. Song et al. (2021). */
export function fromScore<T extends Floats = Float32Array>(
  network: Network<T>,
  options?: PredictionOptions,
): Denoiser<T> {
  return predicting(network, score, options);
}
