import { fromV } from "../denoisers/predictions.ts";
import type { Level } from "../level.ts";
import {
  indexOfSigma,
  levelAt,
  vpSigmaLevel,
} from "../schedules/interpolate.ts";
import { noiseToSignal } from "../level.ts";
import { linspace, torchLinspace } from "../schedules/linspace.ts";
import { deis } from "../solvers/deis.ts";
import { dpm2 } from "../solvers/dpm2.ts";
import { dpmpp, dpmSolver } from "../solvers/dpm_multistep.ts";
import {
  dpmppSinglestep,
  dpmSolverSinglestep,
} from "../solvers/dpm_singlestep.ts";
import { dpmppSde } from "../solvers/dpmpp_sde.ts";
import { euler } from "../solvers/euler.ts";
import { eulerAncestral } from "../solvers/euler_ancestral.ts";
import { heun } from "../solvers/heun.ts";
import { lms } from "../solvers/lms.ts";
import { ipndm } from "../solvers/plms.ts";
import { saSolver } from "../solvers/sa_solver.ts";
import type { Solver } from "../solvers/solver.ts";
import { unipc } from "../solvers/unipc.ts";
import type { ConfigReader } from "./config.ts";
import {
  type GridRequest,
  namedSigmas,
  sigmaLevelsOf,
  solverLevels,
  spacedTimesteps,
} from "./grids.ts";
import { LATENT, noiseSchedule } from "./noise_schedule.ts";
import {
  bounded,
  type DiffusersPlan,
  type PlanRequest,
  predictionType,
} from "./plan.ts";

const ALGORITHMS = [
  "dpmsolver++",
  "dpmsolver",
  "sde-dpmsolver++",
  "sde-dpmsolver",
] as const;

/** A plan of the DPM-Solver family. */
function solverPlan(
  request: PlanRequest,
  solver: Solver,
  { finalZero, thresholds }: { finalZero: boolean; thresholds: boolean },
): DiffusersPlan {
  const { config, float32 } = request;
  config.only("use_dynamic_shifting", false); // flow_shift itself is to be given
  const schedule = noiseSchedule(config, { float32, finite: true });
  return {
    levels: solverLevels({ ...request, schedule }, finalZero),
    solver,
    startScale: 1,
    denoiser: (network) => bounded(config, network, {}, { thresholds }),
  };
}

function finalZero(config: ConfigReader): boolean {
  return config.choice("final_sigmas_type", "zero", ["zero", "sigma_min"]) ===
    "zero";
}

/** Order, stochasticity and slope of a DPM-Solver configuration. */
function dpmOptions({ config, steps }: PlanRequest, lowerOrderFinal: boolean) {
  const algorithm = config.choice("algorithm_type", "dpmsolver++", ALGORITHMS);
  return {
    isData: algorithm.endsWith("++"),
    options: {
      order: config.number("solver_order", 2),
      eta: algorithm.startsWith("sde") ? 1 : 0,
      exactSlope:
        config.choice("solver_type", "midpoint", ["midpoint", "heun"]) ===
          "heun",
      lowerOrderFinal: config.flag("lower_order_final", lowerOrderFinal) &&
        (lowerOrderFinal ? steps < 15 : true),
    },
  };
}

/** DPMSolverMultistepScheduler. */
export function dpmMultistepPlan(request: PlanRequest): DiffusersPlan {
  const { config } = request;
  const { isData, options } = dpmOptions(request, true);
  const solver = (isData ? dpmpp : dpmSolver)(options);
  return solverPlan(request, eulerAtFinal(config, solver, options), {
    finalZero: finalZero(config),
    thresholds: isData,
  });
}

/** A multistep solver, its last step of order 1 where the configuration says so. */
function eulerAtFinal(
  config: ConfigReader,
  solver: Solver,
  options: { order: number; eta: number },
): Solver {
  if (!config.flag("euler_at_final", false)) return solver;
  const last = dpmpp({ ...options, order: 1 });
  return {
    ...solver,
    step: (run) =>
      run.index === run.steps - 1 ? last.step(run) : solver.step(run),
  };
}

/** DPMSolverMultistepInverseScheduler: the same method towards noise. */
export function dpmInversePlan(request: PlanRequest): DiffusersPlan {
  const { config, float32, steps } = request;
  config.only("use_flow_sigmas", false);
  config.only("lambda_min_clipped", -Infinity);
  const { isData, options } = dpmOptions(request, true);
  const solver = (isData ? dpmpp : dpmSolver)(options);
  const schedule = noiseSchedule(config, { float32, finite: true });
  const grid: GridRequest = { ...request, schedule };
  const round = float32 ? Math.fround : Number;
  const sigmaOf = (t: number) => noiseToSignal(levelAt(schedule, t));
  const last = schedule.length - 1;
  const named = namedSigmas(grid, sigmaOf(0), sigmaOf(last))?.reverse();
  const timesteps =
    named?.map((sigma) => Math.round(indexOfSigma(schedule, sigma))) ??
      spacedTimesteps({ ...grid, steps: steps + 1 }, { fallback: "linspace" })
        .reverse().slice(0, -1);
  const levels = (named ?? timesteps.map(sigmaOf)).map((sigma, i) =>
    vpSigmaLevel(round(sigma), timesteps[i]!)
  );
  const end = vpSigmaLevel(
    round(sigmaOf(last)) * (named === undefined ? 1 : 1 + 1e-12),
    last,
  );
  return {
    levels: [...levels, end],
    solver: eulerAtFinal(config, solver, options),
    startScale: 1,
    denoiser: (network) => bounded(config, network, {}, { thresholds: isData }),
  };
}

/** DPMSolverSinglestepScheduler. */
export function dpmSinglestepPlan(request: PlanRequest): DiffusersPlan {
  const { config, steps } = request;
  const { isData, options } = dpmOptions(request, false);
  const whole = steps % options.order === 0;
  return solverPlan(
    request,
    (isData ? dpmppSinglestep : dpmSolverSinglestep)({
      ...options,
      lowerOrderFinal: options.lowerOrderFinal || !whole,
    }),
    { finalZero: finalZero(config), thresholds: isData },
  );
}

/** UniPCMultistepScheduler. */
export function unipcPlan(request: PlanRequest): DiffusersPlan {
  const { config } = request;
  if (!config.flag("use_flow_sigmas", false)) {
    config.only("shift_terminal", null);
  }
  const isData = config.flag("predict_x0", true);
  return solverPlan(
    request,
    unipc({
      order: config.number("solver_order", 2),
      linear: config.choice("solver_type", "bh2", ["bh1", "bh2"]) === "bh1",
      predictNoise: !isData,
      lowerOrderFinal: config.flag("lower_order_final", true),
      uncorrected: config.numbers("disable_corrector") ?? [],
    }),
    { finalZero: finalZero(config), thresholds: isData },
  );
}

/** DEISMultistepScheduler. */
export function deisPlan(request: PlanRequest): DiffusersPlan {
  const { config, steps } = request;
  const solver = deis({
    order: config.number("solver_order", 2),
    lowerOrderFinal: config.flag("lower_order_final", true) && steps < 15,
  });
  return solverPlan(request, solver, { finalZero: false, thresholds: true });
}

/** SASolverScheduler. */
export function saPlan(request: PlanRequest): DiffusersPlan {
  const { config } = request;
  const solver = saSolver({
    predictorOrder: config.number("predictor_order", 2),
    correctorOrder: config.number("corrector_order", 2),
    tau: ({ t }) => t >= 200 && t <= 800 ? 1 : 0,
    predictNoise: config.choice("algorithm_type", "data_prediction", [
      "data_prediction",
      "noise_prediction",
    ]) ===
      "noise_prediction",
    lowerOrderFinal: config.flag("lower_order_final", true),
  });
  return solverPlan(request, solver, { finalZero: false, thresholds: true });
}

/** A plan of the Euler family: the process seen with `alpha` 1, the network fed with images of unit variance. */
export function sigmaPlan(
  request: PlanRequest,
  solver: Solver,
  { final, whole = false, range }: {
    final?: "zero" | "sigma_min";
    whole?: boolean;
    range?: readonly [start: number, end: number];
  } = {},
): DiffusersPlan {
  const { config, float32 } = request;
  const schedule = noiseSchedule(config, {
    float32,
    finite: true,
    ...(range && { range }),
  });
  const levels = sigmaLevelsOf({ ...request, schedule }, {
    whole,
    ...(final && { final }),
  });
  const { sigma } = levels[0]!;
  const spacing = config.choice("timestep_spacing", "linspace", [
    "leading",
    "trailing",
    "linspace",
  ]);
  const native = (level: Level) => vpSigmaLevel(noiseToSignal(level), level.t);
  return {
    levels,
    solver,
    at: (lambda) => {
      const middle = Math.exp(-lambda);
      return { alpha: 1, sigma: middle, t: indexOfSigma(schedule, middle) };
    },
    startScale: spacing === "leading" ? Math.hypot(sigma, 1) : sigma,
    denoiser: (network) =>
      bounded(config, network, { native }, { clip: false, thresholds: false }),
  };
}

/** EulerDiscreteScheduler. */
export function eulerPlan(request: PlanRequest): DiffusersPlan {
  const { config, float32 } = request;
  const final = config.choice("final_sigmas_type", "zero", [
    "zero",
    "sigma_min",
  ]);
  const plan = sigmaPlan(request, euler(), { final });
  const type = config.choice("timestep_type", "discrete", [
    "discrete",
    "continuous",
  ]);
  if (type === "discrete" || predictionType(config) !== "v_prediction") {
    return plan;
  }
  const round = float32 ? Math.fround : Number;
  const told = (sigma: number) => sigma === 0 ? 0 : round(Math.log(sigma)) / 4;
  return {
    ...plan,
    levels: plan.levels.map((level) => ({ ...level, t: told(level.sigma) })),
  };
}

/** EulerAncestralDiscreteScheduler. */
export function eulerAncestralPlan(request: PlanRequest): DiffusersPlan {
  return sigmaPlan(request, eulerAncestral());
}

/** HeunDiscreteScheduler. */
export function heunPlan(request: PlanRequest): DiffusersPlan {
  return sigmaPlan(request, heun(), { range: LATENT });
}

/** LMSDiscreteScheduler. */
export function lmsPlan(request: PlanRequest): DiffusersPlan {
  return sigmaPlan(request, lms());
}

/** KDPM2DiscreteScheduler. */
export function dpm2Plan(request: PlanRequest): DiffusersPlan {
  return sigmaPlan(request, dpm2(), {
    range: LATENT,
    whole: request.config.flag("use_karras_sigmas", false),
  });
}

/** KDPM2AncestralDiscreteScheduler. */
export function dpm2AncestralPlan(request: PlanRequest): DiffusersPlan {
  return sigmaPlan(request, dpm2({ eta: 1 }), {
    range: LATENT,
    whole: request.config.flag("use_karras_sigmas", false),
  });
}

/** DPMSolverSDEScheduler. */
export function sdePlan(request: PlanRequest): DiffusersPlan {
  return sigmaPlan(request, dpmppSde(), { range: LATENT });
}

/** IPNDMScheduler: a process of its own, whose network predicts v. */
export function ipndmPlan(
  { config, steps, float32 }: PlanRequest,
): DiffusersPlan {
  config.only("trained_betas", null);
  const round = float32 ? Math.fround : Number;
  const times = (float32 ? torchLinspace : linspace)(1, 0, steps + 1);
  const levels = Array.from(times, (time) => {
    const sine = round(Math.sin(round(round(time * Math.PI) / 2)));
    const sigma = round(sine ** 2);
    const alpha = round(Math.sqrt(round(1 - round(sigma ** 2))));
    const t = round(round(Math.atan2(sigma, alpha)) / Math.PI) * 2;
    return { alpha: Math.max(alpha, 1e-8), sigma, t };
  });
  return {
    levels,
    solver: ipndm(),
    startScale: 1,
    denoiser: (network) => fromV(network),
  };
}
