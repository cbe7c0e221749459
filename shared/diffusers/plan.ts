import type { Denoiser, Network } from "../denoisers/denoiser.ts";
import { clip } from "../denoisers/clip.ts";
import { fromLearnedVariance } from "../denoisers/learned_variance.ts";
import {
  fromEpsilon,
  fromFlow,
  fromV,
  fromX0,
  type PredictionOptions,
} from "../denoisers/predictions.ts";
import { threshold } from "../denoisers/threshold.ts";
import type { Floats } from "../floats.ts";
import type { Level } from "../level.ts";
import type { Schedule } from "../schedules/schedule.ts";
import type { Solver } from "../solvers/solver.ts";
import type { ConfigReader } from "./config.ts";

/** A scheduler of diffusers in the terms of this library. Spread it into the options of `sample`. */
export interface DiffusersPlan {
  /** Noise levels of the run. */
  readonly levels: Level[];
  /** The method of the class. */
  readonly solver: Solver;
  /** Levels between those of the run, where the method stops there. */
  readonly at?: (lambda: number) => Level;
  /** What unit noise is multiplied by at the start, `init_noise_sigma`: `sample` does it, a `start` is to have it. */
  readonly startScale: number;
  /** Makes a denoiser of the network, which takes scaled images and a timestep as in diffusers, and predicts what the configuration says. */
  denoiser<T extends Floats = Float32Array>(network: Network<T>): Denoiser<T>;
}

/** What a class makes a plan from. */
export interface PlanRequest {
  /** Its configuration. */
  readonly config: ConfigReader;
  /** How many steps. */
  readonly steps: number;
  /** Whether tables are those of torch in float32. */
  readonly float32: boolean;
  /** Timesteps to use instead of evenly spaced ones. */
  readonly timesteps?: readonly number[] | undefined;
  /** Sigmas of a flow to use instead of evenly spaced ones, before they are shifted. */
  readonly sigmas?: readonly number[] | undefined;
  /** How far a flow is shifted where its configuration leaves that to the size of the images. */
  readonly mu?: number | undefined;
  /** Whether DDIM goes on with the noise that follows from the bounded images. */
  readonly useClippedModelOutput?: boolean | undefined;
  /** Whether DDPM adds noise to the clean image where its last timestep is not 0. */
  readonly finalNoise?: boolean | undefined;
  /** Stochasticity of DDIM and TCD, which diffusers takes with every step. */
  readonly eta?: number | undefined;
}

/** How the clean images of a class are bounded. */
export interface Bounds {
  /** Whether it clips by default; undefined where it cannot. */
  clip?: boolean;
  /** Whether it goes on with the network's own noise. */
  keepEpsilon?: boolean;
  /** Whether it thresholds; some do only with some algorithms. */
  thresholds?: boolean;
}

/** Wraps a network as the configuration's prediction type and bounds say. */
export function bounded<T extends Floats>(
  config: ConfigReader,
  network: Network<T>,
  prediction: PredictionOptions,
  { clip: clips, keepEpsilon = false, thresholds = true }: Bounds,
): Denoiser<T> {
  const from = {
    epsilon: fromEpsilon,
    sample: fromX0,
    "v_prediction": fromV,
    "flow_prediction": fromFlow,
  }[predictionType(config)];
  const learned = ["learned", "learned_range"].includes(
    config.choice("variance_type", "fixed_small", VARIANCES),
  );
  const denoiser = learned
    ? fromLearnedVariance(network, (half) => from(half, prediction))
    : from(network, prediction);
  if (thresholds && config.flag("thresholding", false)) {
    const max = config.number("sample_max_value", 1);
    const ratio = config.number("dynamic_thresholding_ratio", 0.995);
    return threshold(denoiser, { ratio, max, keepEpsilon });
  }
  if (clips !== undefined && config.flag("clip_sample", clips)) {
    const range = config.number("clip_sample_range", 1);
    return clip(denoiser, { range: [-range, range], keepEpsilon });
  }
  return denoiser;
}

/** Names of the variances of diffusers. */
export const VARIANCES = [
  "fixed_small",
  "fixed_small_log",
  "fixed_large",
  "fixed_large_log",
  "learned",
  "learned_range",
] as const;

/** Refuses a level of pure noise for a network that predicts the noise: it would divide by zero. */
export function requireSignal(config: ConfigReader, schedule: Schedule): void {
  if (predictionType(config) === "epsilon" && schedule.alphaBars.at(-1) === 0) {
    throw new RangeError(
      "Cannot sample as prediction_type must not be epsilon where rescale_betas_zero_snr leaves no signal: current value is epsilon",
    );
  }
}

/** What the network predicts. */
export function predictionType(
  config: ConfigReader,
): "epsilon" | "sample" | "v_prediction" | "flow_prediction" {
  return config.choice("prediction_type", "epsilon", [
    "epsilon",
    "sample",
    "v_prediction",
    "flow_prediction",
  ]);
}
