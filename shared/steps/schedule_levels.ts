import { type Level, noiseToSignal } from "../level.ts";
import {
  indexOfSigma,
  type Interpolation,
  levelAt,
  linearInSigma,
  vpSigmaLevel,
} from "../schedules/interpolate.ts";
import { CLEAN, type Schedule } from "../schedules/schedule.ts";
import { roundHalfEven } from "../_round.ts";

/** Options of {@linkcode timestepLevels}. */
export interface TimestepLevelsOptions {
  /**
   * Level after the last timestep: the clean image, or `scheduleLevel(schedule, 0)` for a model sampled with
   * `set_alpha_to_one: false`.
   *
   * @default {CLEAN}
   */
  final?: Level;
  /**
   * How levels between two whole timesteps are found.
   *
   * @default {linearInSigma}
   */
  interpolation?: Interpolation;
}

/**
 * The levels of a run over timesteps of a discrete process. The previous level is the next one in this list, whatever
 * the spacing.
 *
 * @param schedule Discrete process.
 * @param timesteps Decreasing indices, which may lie between whole ones.
 * @param options Last level and interpolation.
 * @returns One level a timestep, and the last one.
 * @throws {RangeError} If the timesteps do not strictly decrease or leave the schedule.
 */
export function timestepLevels(
  schedule: Schedule,
  timesteps: readonly number[],
  { final = CLEAN, interpolation = linearInSigma }: TimestepLevelsOptions = {},
): Level[] {
  for (const [i, t] of timesteps.entries()) {
    if (!(t >= 0 && t < (i === 0 ? schedule.length : timesteps[i - 1]!))) {
      throw new RangeError(
        `Cannot list levels as 'timesteps[${i}]' must be in the schedule of ${schedule.length} and below the one before: current value is ${t}`,
      );
    }
  }
  return [...timesteps.map((t) => levelAt(schedule, t, interpolation)), final];
}

/** Options of {@linkcode gridLevels}. */
export interface GridLevelsOptions {
  /**
   * Whether the network is told whole timesteps, as by the DPM-Solver family of diffusers; the Euler family tells it
   * fractions.
   *
   * @default {false}
   */
  whole?: boolean;
}

/**
 * The levels of a run over a grid of sigmas for a network trained on a discrete process: `t` is the index at which the
 * process has that much noise.
 *
 * @param schedule Discrete process.
 * @param sigmas Noise-to-signal ratios, noisy to clean, such as {@linkcode karrasSigmas} gives.
 * @param options Rounding of the index.
 * @returns One variance-preserving level a sigma.
 * @throws {RangeError} If the sigmas do not strictly decrease.
 */
export function gridLevels(
  schedule: Schedule,
  sigmas: ArrayLike<number>,
  { whole = false }: GridLevelsOptions = {},
): Level[] {
  return Array.from(sigmas, (sigma, i) => {
    if (!(sigma >= 0 && (i === 0 || sigma < sigmas[i - 1]!))) {
      throw new RangeError(
        `Cannot list levels as 'sigmas[${i}]' must be positive and below the one before: current value is ${sigma}`,
      );
    }
    const index = indexOfSigma(schedule, sigma);
    return sigma === 0
      ? CLEAN
      : vpSigmaLevel(sigma, whole ? roundHalfEven(index) : index);
  });
}

/** Options of {@linkcode varianceExploding}. */
export interface VarianceExplodingOptions {
  /**
   * Whether sigmas are rounded to float32, as in the tables of diffusers.
   *
   * @default {false}
   */
  float32?: boolean;
}

/**
 * The same levels seen by an image divided by alpha: alpha 1, sigma the noise-to-signal ratio. Solvers of k-diffusion
 * speak of these.
 *
 * @param levels Levels of any process whose `alpha` is not 0.
 * @param options Precision.
 * @returns Levels of a variance-exploding process with the same `t`.
 */
export function varianceExploding(
  levels: readonly Level[],
  { float32 = false }: VarianceExplodingOptions = {},
): Level[] {
  return levels.map((level) => {
    const sigma = noiseToSignal(level);
    return {
      alpha: 1,
      sigma: float32 ? Math.fround(sigma) : sigma,
      t: level.t,
    };
  });
}

/**
 * The same levels seen by an image of constant variance: alpha² + sigma² = 1.
 *
 * @param levels Levels of any process, pure noise among them.
 * @returns Levels of a variance-preserving process with the same `t`.
 */
export function variancePreserving(levels: readonly Level[]): Level[] {
  return levels.map(({ alpha, sigma, t }) => {
    const norm = Math.sqrt(alpha ** 2 + sigma ** 2);
    return { alpha: alpha / norm, sigma: sigma / norm, t };
  });
}
