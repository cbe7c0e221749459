import { edmPreconditioning } from "../denoisers/edm.ts";
import type { Preconditioning } from "../denoisers/precondition.ts";
import { PREDICTIONS } from "../denoisers/predictions.ts";
import { flowLevel, type Level, veLevel } from "../level.ts";
import type {
  ContinuousSchedule,
  DiscreteSchedule,
  Process,
  VpProcess,
} from "./process.ts";
import {
  alphaBarBetas,
  cosineAlphaBar,
  sigmoidAlphaBar,
} from "../schedules/alpha_bar.ts";
import { linearBetas, scaledLinearBetas } from "../schedules/betas.ts";
import {
  cosineLogSnr,
  linearLogSnr,
  logSnrLevel,
  shiftedLogSnr,
} from "../schedules/log_snr.ts";
import {
  betaSchedule,
  CLEAN,
  type Schedule,
  scheduleLevel,
} from "../schedules/schedule.ts";
import { zeroTerminalSnr } from "../schedules/zero_terminal_snr.ts";
import { flowLevels } from "../steps/flow.ts";
import { karrasLevels } from "../steps/karras.ts";
import { timestepLevels } from "../steps/schedule_levels.ts";
import { trailingTimesteps } from "../steps/timesteps.ts";

/** How the levels of a run are spaced where the process leaves a choice. */
export interface SpacingOptions {
  /**
   * Last noise level before the clean image; EDM only.
   * @default {process.sigmaMin}
   */
  sigmaMin?: number;
  /**
   * Exponent of the Karras grid; EDM only.
   * @default {7}
   */
  rho?: number;
}

/** A process with its tables: what training, bounds and sampling have in common. */
export interface ProcessModel {
  /** The table of a discrete process. */
  readonly schedule?: Schedule;
  /** The level of a coordinate: sigma (edm), index or time (vp), time (flow). */
  level(t: number): Level;
  /** How the network's output becomes clean images at a level. */
  coefficients(level: Level): Preconditioning;
  /** The levels of a run of `steps` steps, noisy to clean. */
  levels(steps: number, options?: SpacingOptions): Level[];
}

/**
 * Opens the process of a model.
 *
 * @throws {RangeError} If its numbers make no process, or the network predicts ε where no signal is left.
 */
export function openProcess(process: Process): ProcessModel {
  switch (process.type) {
    case "edm":
      return {
        level: veLevel,
        coefficients: edmPreconditioning({ sigmaData: process.sigmaData }),
        levels: (steps, { sigmaMin = process.sigmaMin, rho = 7 } = {}) =>
          karrasLevels(steps, { sigmaMin, sigmaMax: process.sigmaMax, rho }),
      };
    case "flow":
      return {
        level: flowLevel,
        coefficients: (level) => predicting("flow", level),
        levels: (steps) => flowLevels(steps),
      };
    case "vp":
      return {
        coefficients: (level) => predicting(process.prediction, level),
        ...("length" in process.schedule
          ? discrete(process.schedule, process.prediction)
          : continuous(process.schedule)),
      };
  }
}

function predicting(
  prediction: VpProcess["prediction"] | "flow",
  level: Level,
): Preconditioning {
  const [skip, out] = PREDICTIONS[prediction](level);
  return { skip, out, scale: 1, told: level.t };
}

function discrete(
  spec: DiscreteSchedule,
  prediction: VpProcess["prediction"],
): Omit<ProcessModel, "coefficients"> {
  if (spec.zeroTerminalSnr && prediction === "epsilon") {
    throw new RangeError(
      "Cannot use a process as its prediction must be v or x0 where zeroTerminalSnr leaves no signal: current value is epsilon",
    );
  }
  const schedule = betaSchedule(betasOf(spec));
  return {
    schedule,
    level: (t) => scheduleLevel(schedule, t),
    levels: (steps) =>
      timestepLevels(schedule, trailingTimesteps(schedule.length, steps)),
  };
}

function betasOf(spec: DiscreteSchedule): Float64Array {
  const { type, length, minBeta = 0 } = spec;
  const range = {
    ...(spec.start !== undefined && { start: spec.start }),
    ...(spec.end !== undefined && { end: spec.end }),
  };
  const curve = (alphaBar: (time: number) => number) =>
    alphaBarBetas(length, alphaBar).map((beta) => Math.max(beta, minBeta));
  const betas = {
    linear: () => linearBetas(length, { ...range, scaled: !!spec.scaled }),
    quadratic: () => scaledLinearBetas(length, range),
    cosine: () => curve(cosineAlphaBar()),
    sigmoid: () => curve(sigmoidAlphaBar()),
  }[type]();
  return spec.zeroTerminalSnr ? zeroTerminalSnr(betas) : betas;
}

function continuous(
  { type, shift }: ContinuousSchedule,
): Omit<ProcessModel, "coefficients"> {
  const curve = type === "linear-log-snr" ? linearLogSnr : cosineLogSnr();
  const logSnr = shift ? shiftedLogSnr(curve, ...shift) : curve;
  const level = (time: number) => logSnrLevel(logSnr(time), time);
  return {
    level,
    levels: (steps) => [
      ...Array.from({ length: steps }, (_, i) => level(1 - i / steps)),
      CLEAN,
    ],
  };
}
