import {
  alphaBarBetas,
  cosineAlphaBar,
  exponentialAlphaBar,
  laplaceAlphaBar,
} from "../schedules/alpha_bar.ts";
import {
  linearBetas,
  scaledLinearBetas,
  sigmoidBetas,
} from "../schedules/betas.ts";
import { betaSchedule, type Schedule } from "../schedules/schedule.ts";
import { zeroTerminalSnr } from "../schedules/zero_terminal_snr.ts";
import type { ConfigReader } from "./config.ts";

const NAMES = [
  "linear",
  "scaled_linear",
  "squaredcos_cap_v2",
  "sigmoid",
  "laplace",
  "exp",
] as const;

/** Range of betas of the latent diffusion models, the default of some classes. */
export const LATENT = [0.00085, 0.012] as const;

/** How a schedule is read from a configuration. */
export interface NoiseScheduleOptions {
  /** Whether its tables are torch's float32 ones. */
  float32: boolean;
  /** Schedule where the configuration names none. */
  fallback?: typeof NAMES[number];
  /** Betas where the configuration gives none. */
  range?: readonly [start: number, end: number];
  /** Whether a last level of pure noise is moved to a finite σ, as classes do that speak of σ. */
  finite?: boolean;
}

/** The discrete process of a configuration. */
export function noiseSchedule(
  config: ConfigReader,
  { float32, fallback = "linear", range = [1e-4, 0.02], finite = false }:
    NoiseScheduleOptions,
): Schedule {
  const length = config.number("num_train_timesteps", 1000);
  const ends = {
    start: config.number("beta_start", range[0]),
    end: config.number("beta_end", range[1]),
    float32,
  };
  const betas = {
    linear: () => linearBetas(length, ends),
    "scaled_linear": () => scaledLinearBetas(length, ends),
    "squaredcos_cap_v2": () => alphaBarBetas(length, cosineAlphaBar()),
    sigmoid: () => sigmoidBetas(length, ends),
    laplace: () => alphaBarBetas(length, laplaceAlphaBar),
    exp: () => alphaBarBetas(length, exponentialAlphaBar),
  };
  const name = config.choice("beta_schedule", fallback, NAMES);
  const given = config.numbers("trained_betas");
  const table = given ?? betas[name]();
  const zero = config.flag("rescale_betas_zero_snr", false);
  return betaSchedule(zero ? zeroTerminalSnr(table, { float32 }) : table, {
    float32,
    sorted: false,
    ...(zero && finite && { minAlphaBar: 2 ** -24 }),
  });
}
