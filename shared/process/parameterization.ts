import { edmCoefficients } from "../denoisers/edm.ts";
import { type Floats, mix } from "../floats.ts";
import { type Level, noiseToSignal, posterior } from "../level.ts";

/**
 * What a network predicts, as the weights of the noisy image and of the prediction in the clean image: x0 = skip · x +
 * out · y. `PREDICTIONS` has ε, x0, v, flow velocity and score; here are the two that need more than a level. `next` is
 * the cleaner level of the step, which only {@linkcode previousParameterization} asks for.
 */
export type Parameterization = (
  level: Level,
  next: Level,
) => readonly [skip: number, out: number];

/**
 * The network F of Karras et al. (2022): x0 = c_skip·x + c_out·F.
 *
 * @param sigmaData Standard deviation of the data.
 * @returns Weights at a level.
 */
export function edmParameterization(sigmaData = 0.5): Parameterization {
  return (level) => {
    const { cSkip, cOut } = edmCoefficients(noiseToSignal(level), sigmaData);
    return [cSkip / level.alpha, cOut];
  };
}

/** The mean of the next, cleaner image: x_prev = c1·x0 + c2·x, Ho et al. (2020), equation 7. */
export function previousParameterization(
  level: Level,
  next: Level,
): readonly [skip: number, out: number] {
  const { x, x0 } = posterior(level, next);
  return [-x / x0, 1 / x0];
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
  const [skip, out] = from(level, next);
  const [targetSkip, targetOut] = to(level, next);
  const ofX = (skip - targetSkip) / targetOut;
  const ofPrediction = out / targetOut;
  if (!Number.isFinite(ofX) || !Number.isFinite(ofPrediction)) {
    throw new RangeError(
      `Cannot convert a prediction as both kinds must be defined at the level: current value is ${
        JSON.stringify(level)
      }`,
    );
  }
  return mix(ofX, x, ofPrediction, prediction);
}
