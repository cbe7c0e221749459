import { edmCoefficients } from "../denoisers/edm.ts";
import { type Floats, like } from "../floats.ts";
import { type Level, noiseToSignal, posterior } from "../level.ts";

/** How a prediction y gives the clean image at one level: x0 = skip · x + out · y. */
export interface X0Weights {
  /** Weight of the noisy image. */
  readonly skip: number;
  /** Weight of the prediction. */
  readonly out: number;
}

/** What a network predicts, as its weights at a level. `next` is the cleaner level of the step, which only {@linkcode previousParameterization} needs. */
export type Parameterization = (level: Level, next: Level) => X0Weights;

/** The noise: ε = (x − alpha·x0) / sigma, Ho et al. (2020). Undefined where alpha is 0. */
export function epsilonParameterization({ alpha, sigma }: Level): X0Weights {
  return { skip: 1 / alpha, out: -sigma / alpha };
}

/** The clean image. */
export function x0Parameterization(): X0Weights {
  return { skip: 0, out: 1 };
}

/** v = alpha·ε − sigma·x0, Salimans and Ho (2022). */
export function vParameterization({ alpha, sigma }: Level): X0Weights {
  const norm = alpha ** 2 + sigma ** 2;
  return { skip: alpha / norm, out: -sigma / norm };
}

/** The velocity ε − x0 of a straight flow, Lipman et al. (2023). */
export function flowParameterization({ alpha, sigma }: Level): X0Weights {
  return { skip: 1 / (alpha + sigma), out: -sigma / (alpha + sigma) };
}

/** The score ∇ ln p(x) = −ε / sigma, Song et al. (2021). Undefined where alpha is 0. */
export function scoreParameterization({ alpha, sigma }: Level): X0Weights {
  return { skip: 1 / alpha, out: sigma ** 2 / alpha };
}

/**
 * The network F of Karras et al. (2022): x0 = c_skip·x + c_out·F.
 *
 * @param sigmaData Standard deviation of the data.
 * @returns Weights at a level.
 */
export function edmParameterization(sigmaData = 0.5): Parameterization {
  return (level) => {
    const { cSkip, cOut } = edmCoefficients(noiseToSignal(level), sigmaData);
    return { skip: cSkip / level.alpha, out: cOut };
  };
}

/** The mean of the next, cleaner image: x_prev = c1·x0 + c2·x, Ho et al. (2020), equation 7. */
export function previousParameterization(level: Level, next: Level): X0Weights {
  const { x, x0 } = posterior(level, next);
  return { skip: -x / x0, out: 1 / x0 };
}

/** Options of {@linkcode convertPrediction}. */
export interface ConvertOptions<T extends Floats> {
  /** What `prediction` is. */
  from: Parameterization;
  /** What is wanted. */
  to: Parameterization;
  /** The noisy image, of the length of `prediction`. */
  x: T;
  /** Level of `x`. */
  level: Level;
  /**
   * Cleaner level of the step, for x_prev alone.
   *
   * @default {level}
   */
  next?: Level;
}

/**
 * Turns a prediction into another kind: with (x − …) on both sides, y' = ((skip − skip')·x + out·y) / out'.
 *
 * @param prediction What the network returned.
 * @param options Both kinds, and where the prediction was made.
 * @returns New array of the same length.
 * @throws {RangeError} If one of the kinds is undefined at the level, such as ε and score where alpha is 0.
 */
export function convertPrediction<T extends Floats>(
  prediction: T,
  { from, to, x, level, next = level }: ConvertOptions<T>,
): T {
  const source = from(level, next);
  const target = to(level, next);
  const ofX = (source.skip - target.skip) / target.out;
  const ofPrediction = source.out / target.out;
  if (!Number.isFinite(ofX) || !Number.isFinite(ofPrediction)) {
    throw new RangeError(
      `Cannot convert a prediction as both kinds must be defined at the level: current value is ${
        JSON.stringify(level)
      }`,
    );
  }
  const out = like(prediction);
  for (let i = 0; i < out.length; i++) {
    out[i] = ofX * x[i]! + ofPrediction * prediction[i]!;
  }
  return out;
}
