import { type Level, noiseToSignal } from "../level.ts";
import {
  indexOfSigma,
  levelAt,
  vpSigmaLevel,
} from "../schedules/interpolate.ts";
import { type Schedule, scheduleLevel } from "../schedules/schedule.ts";
import { roundHalfEven } from "../_round.ts";
import { betaSigmas } from "../steps/beta.ts";
import { exponentialSigmas } from "../steps/exponential.ts";
import { shiftTime } from "../steps/flow.ts";
import { karrasSigmas } from "../steps/karras.ts";
import {
  customTimesteps,
  leadingTimesteps,
  linspaceTimesteps,
  type SpacingOptions,
  trailingTimesteps,
} from "../steps/timesteps.ts";
import type { ConfigReader } from "./config.ts";

/** What the levels of a run are made from. */
export interface GridRequest {
  /** Configuration of the scheduler. */
  readonly config: ConfigReader;
  /** Its process. */
  readonly schedule: Schedule;
  /** How many steps to make. */
  readonly steps: number;
  /** Timesteps to use instead of those of the configuration. */
  readonly timesteps?: readonly number[] | undefined;
  /** Whether sigmas are rounded to float32. */
  readonly float32: boolean;
}

/** Grids of sigmas by the fields that ask for them. */
const GRIDS = [
  ["use_karras_sigmas", karrasSigmas],
  ["use_exponential_sigmas", exponentialSigmas],
  ["use_lu_lambdas", exponentialSigmas],
  ["use_beta_sigmas", betaSigmas],
] as const;

/** Timesteps of the configuration's spacing, noisy to clean. */
export function spacedTimesteps(
  { config, schedule: { length }, steps, timesteps }: GridRequest,
  { fallback, last = length, ...options }: SpacingOptions & {
    fallback: "leading" | "linspace";
    last?: number;
  },
): number[] {
  if (timesteps !== undefined) return customTimesteps(length, timesteps);
  const offset = config.number("steps_offset", 0);
  const spacing = config.choice("timestep_spacing", fallback, [
    "leading",
    "trailing",
    "linspace",
  ]);
  if (spacing === "linspace") return linspaceTimesteps(last, steps, options);
  if (spacing === "leading") {
    return leadingTimesteps(last, steps, { ...options, offset });
  }
  return trailingTimesteps(length, steps).filter((t) => t < last);
}

/** The grid of sigmas a configuration asks for in place of its timesteps', without the clean image. */
export function namedSigmas(
  { config, steps }: Pick<GridRequest, "config" | "steps">,
  sigmaMin: number,
  sigmaMax: number,
): number[] | undefined {
  const ends = {
    sigmaMin: config.number("sigma_min", sigmaMin),
    sigmaMax: config.number("sigma_max", sigmaMax),
  };
  const [chosen, other] = GRIDS.filter(([field]) => config.flag(field, false));
  if (other !== undefined) {
    throw new RangeError(
      `Cannot sample as one grid of sigmas must be chosen: current value is ${
        chosen![0]
      } and ${other[0]}`,
    );
  }
  return chosen && Array.from(chosen[1](steps, ends)).slice(0, -1);
}

/** Levels of the DPM-Solver family: variance preserving, whole timesteps, one step more than timesteps. */
export function solverLevels(
  request: GridRequest,
  finalZero: boolean,
): Level[] {
  const { config, schedule, steps, float32 } = request;
  const round = float32 ? Math.fround : Number;
  const sigmaOf = (t: number) => noiseToSignal(levelAt(schedule, t));
  if (config.flag("use_flow_sigmas", false)) {
    return flowSigmaLevels(request, finalZero);
  }

  const clipped = config.number("lambda_min_clipped", -Infinity);
  const kept =
    Array.from(schedule.alphaBars).filter((_, t) =>
      -Math.log(sigmaOf(t)) >= clipped
    ).length;
  const named = namedSigmas(request, sigmaOf(0), sigmaOf(schedule.length - 1));
  const rounds = (config.flag("use_karras_sigmas", false) ||
    config.flag("use_lu_lambdas", false)) &&
    (config.className.startsWith("UniPC") ||
      config.className.startsWith("DEIS") ||
      config.className.startsWith("SA") ||
      config.choice("beta_schedule", "linear", [
          "linear",
          "scaled_linear",
          "squaredcos_cap_v2",
        ]) !== "squaredcos_cap_v2");
  const points = named?.map((sigma) => {
    const t = indexOfSigma(schedule, sigma);
    return { sigma, t: rounds ? roundHalfEven(t) : Math.floor(t) };
  }) ??
    spacedTimesteps({ ...request, steps }, {
      fallback: "linspace",
      dropLast: true,
      last: kept,
    })
      .map((t) => ({ sigma: sigmaOf(t), t }));
  return closed(points.map(({ sigma, t }) => vpSigmaLevel(round(sigma), t)), {
    sigma: finalZero ? 0 : round(sigmaOf(0)),
  });
}

/** Ends a run at a noise-to-signal ratio. A step of no length, as diffusers has with a Karras grid, keeps a sliver of it. */
function closed(levels: Level[], { sigma }: { sigma: number }): Level[] {
  const last = noiseToSignal(levels.at(-1)!);
  const end = Math.min(sigma, last * (1 - 1e-12));
  return [
    ...levels,
    end === 0 ? { alpha: 1, sigma: 0, t: -1 } : vpSigmaLevel(end, 0),
  ];
}

/** Levels of the DPM-Solver family on a straight flow. */
function flowSigmaLevels(
  { config, steps, float32 }: GridRequest,
  finalZero: boolean,
): Level[] {
  const round = float32 ? Math.fround : Number;
  const length = config.number("num_train_timesteps", 1000);
  const shift = config.number("flow_shift", 1);
  const named = namedSigmas({ config, steps }, 0, 0)?.map((sigma) =>
    sigma / (sigma + 1)
  );
  const uniform = Array.from(
    { length: steps },
    (_, i) =>
      config.className.startsWith("UniPC")
        ? 1 + i / steps * (1 / length - 1)
        : (1 - 1 / length) * (1 - i / steps),
  );
  const shifted = uniform.map((sigma) => shiftTime(sigma, shift));
  const stretched = config.className.startsWith("UniPC")
    ? stretchedSigmas(config, shifted)
    : shifted;
  const sigmas = named ??
    stretched.map((sigma) => Math.min(sigma, 1 - 1e-6));
  const levels = sigmas.map((sigma) => {
    const rounded = round(sigma);
    return {
      alpha: 1 - rounded,
      sigma: rounded,
      t: Math.floor(sigma * length),
    };
  });
  const end = finalZero ? 0 : levels.at(-1)!.sigma * (1 - 1e-12);
  return [...levels, { alpha: 1 - end, sigma: end, t: 0 }];
}

/** Sigmas of a flow, stretched so that the last one before the clean image is that of the configuration, if it has one. */
export function stretchedSigmas(
  config: ConfigReader,
  sigmas: readonly number[],
): readonly number[] {
  const terminal = config.number("shift_terminal", 0);
  if (!(terminal >= 0 && terminal < 1)) {
    throw new RangeError(
      `Cannot sample as shift_terminal must be in [0, 1): current value is ${terminal}`,
    );
  }
  if (terminal === 0 || sigmas.length === 1) return sigmas;
  const scale = (1 - terminal) / (1 - sigmas.at(-1)!);
  return sigmas.map((sigma) => 1 - (1 - sigma) * scale);
}

/** Levels of the Euler family: `alpha` 1, timesteps that need not be whole. */
export function sigmaLevelsOf(
  request: GridRequest,
  { whole = false, final = "zero" }: {
    whole?: boolean;
    final?: "zero" | "sigma_min";
  } = {},
): Level[] {
  const { schedule, float32 } = request;
  const round = float32 ? Math.fround : Number;
  const timesteps = spacedTimesteps(request, {
    fallback: "linspace",
    whole: false,
  }).map(round);
  const sigmaOf = (t: number) => noiseToSignal(levelAt(schedule, t));
  const sigmas = timesteps.map(sigmaOf);
  const named = namedSigmas(request, sigmas.at(-1)!, sigmas[0]!);
  const levels = (named ?? sigmas).map((sigma, i) => {
    const t = named === undefined
      ? timesteps[i]!
      : indexOfSigma(schedule, sigma);
    return {
      alpha: 1,
      sigma: round(sigma),
      t: whole ? roundHalfEven(t) : round(t),
    };
  });
  const end = final === "zero" ? 0 : noiseToSignal(scheduleLevel(schedule, 0));
  return [...levels, {
    alpha: 1,
    sigma: Math.min(round(end), levels.at(-1)!.sigma * (1 - 1e-12)),
    t: 0,
  }];
}
