import { consistencyModel } from "../denoisers/boundary.ts";
import { clip } from "../denoisers/clip.ts";
import { edmCoefficients } from "../denoisers/edm.ts";
import { precondition } from "../denoisers/precondition.ts";
import { threshold } from "../denoisers/threshold.ts";
import { noiseToSignal, veLevel } from "../level.ts";
import { consistency } from "../solvers/consistency.ts";
import { dpmpp } from "../solvers/dpm_multistep.ts";
import { euler } from "../solvers/euler.ts";
import { scaledNoise } from "../solvers/scaled_noise.ts";
import type { Solver } from "../solvers/solver.ts";
import { exponentialSigmas } from "../steps/exponential.ts";
import { karrasCurve, karrasSigmas } from "../steps/karras.ts";
import { consistencySigmas } from "../steps/sigma_grid.ts";
import { customTimesteps, leadingTimesteps } from "../steps/timesteps.ts";
import type { DiffusersPlan, PlanRequest } from "./plan.ts";

/** EDM preconditioning and grids. */
function edmPlan(
  { config, steps, float32 }: PlanRequest,
  solver: Solver,
  finalZero: boolean,
): DiffusersPlan {
  const round = float32 ? Math.fround : Number;
  const ends = {
    sigmaMin: config.number("sigma_min", 0.002),
    sigmaMax: config.number("sigma_max", 80),
  };
  const sigmaData = config.number("sigma_data", 0.5);
  const sigmas =
    config.choice("sigma_schedule", "karras", ["karras", "exponential"]) ===
        "karras"
      ? karrasSigmas(steps, { ...ends, rho: config.number("rho", 7) })
      : exponentialSigmas(steps, ends);
  const levels = Array.from(sigmas, (sigma) => veLevel(round(sigma)));
  if (!finalZero) {
    levels[steps] = veLevel(levels[steps - 1]!.sigma * (1 - 1e-12));
  }
  const sign =
    config.choice("prediction_type", "epsilon", ["epsilon", "v_prediction"]) ===
        "epsilon"
      ? 1
      : -1;
  return {
    levels,
    solver,
    startScale: Math.hypot(levels[0]!.sigma, 1),
    denoiser: (network) => {
      const denoiser = precondition(network, (level) => {
        const { cSkip, cOut, cIn, cNoise } = edmCoefficients(
          noiseToSignal(level),
          sigmaData,
        );
        return {
          skip: cSkip / level.alpha,
          out: sign * cOut,
          scale: cIn / level.alpha,
          told: cNoise,
        };
      });
      return config.flag("thresholding", false)
        ? threshold(denoiser, {
          ratio: config.number("dynamic_thresholding_ratio", 0.995),
          max: config.number("sample_max_value", 1),
        })
        : denoiser;
    },
  };
}

/** EDMEulerScheduler. */
export function edmEulerPlan(request: PlanRequest): DiffusersPlan {
  const final = request.config.choice("final_sigmas_type", "zero", [
    "zero",
    "sigma_min",
  ]);
  return edmPlan(request, euler(), final === "zero");
}

/** EDMDPMSolverMultistepScheduler. */
export function edmDpmPlan(request: PlanRequest): DiffusersPlan {
  const { config, steps } = request;
  const algorithm = config.choice("algorithm_type", "dpmsolver++", [
    "dpmsolver++",
    "sde-dpmsolver++",
  ]);
  // Nothing is left for `euler_at_final`: the last step reaches the clean image in order 1, or has no length.
  const solver = dpmpp({
    order: config.number("solver_order", 2),
    eta: algorithm === "dpmsolver++" ? 0 : 1,
    exactSlope:
      config.choice("solver_type", "midpoint", ["midpoint", "heun"]) === "heun",
    lowerOrderFinal: config.flag("lower_order_final", true) && steps < 15,
  });
  const final = config.choice("final_sigmas_type", "zero", [
    "zero",
    "sigma_min",
  ]);
  return edmPlan(request, solver, final === "zero");
}

/** CMStochasticIterativeScheduler. */
export function consistencyPlan(
  { config, steps, timesteps, float32 }: PlanRequest,
): DiffusersPlan {
  const length = config.number("num_train_timesteps", 40);
  const sigmaMin = config.number("sigma_min", 0.002);
  const sigmaMax = config.number("sigma_max", 80);
  const sigmaData = config.number("sigma_data", 0.5);
  const chosen = timesteps === undefined
    ? leadingTimesteps(length, steps)
    : customTimesteps(length, timesteps);
  const curve = karrasCurve({
    sigmaMin,
    sigmaMax,
    rho: config.number("rho", 7),
  });
  const round = float32 ? Math.fround : Number;
  // The last step reaches sigmaMin, where the model returns its input: the clean image.
  const levels = Array.from(
    consistencySigmas(length, chosen, curve),
    (sigma) => veLevel(round(sigma)),
  );
  levels[levels.length - 1] = veLevel(0);
  return {
    levels,
    solver: scaledNoise(
      consistency({ sigmaMin }),
      config.number("s_noise", 1),
    ),
    startScale: sigmaMax,
    denoiser: (network) => {
      const denoiser = consistencyModel(network, {
        sigmaData,
        sigmaMin,
        tell: (level) => round(250 * Math.log(noiseToSignal(level) + 1e-44)),
      });
      return config.flag("clip_denoised", true) ? clip(denoiser) : denoiser;
    },
  };
}
