import type { Level } from "../level.ts";
import { ddim } from "../solvers/ddim.ts";
import { ddpm } from "../solvers/ddpm.ts";
import type { Solver } from "../solvers/solver.ts";
import { largeVariance, learnedRangeVariance } from "../variance.ts";
import { valueAt } from "./by_steps.ts";
import type { ModelConfig } from "./config.ts";
import { openProcess } from "./open_process.ts";
import type { Process } from "./process.ts";
import { SAMPLERS } from "./sampler_registry.ts";

/** How a picture is to be drawn; what is left out is the model's default. */
export interface SamplingRequest {
  /** Solver steps, an integer within the model's limits. */
  steps?: number | undefined;
  /** One of the model's samplers. */
  sampler?: string | undefined;
  /** Noise of each step in [0, 1], for samplers that know it; the model has a default for every number of steps. */
  eta?: number | undefined;
  /** Guidance scale >= 0; 1 is none. */
  guidance?: number | undefined;
}

/** A request with every value settled, and what the sampling loop needs for it. */
export interface SamplingPlan {
  /** Name of the sampler. */
  readonly sampler: string;
  /** Solver steps. */
  readonly steps: number;
  /** Noise of each step. */
  readonly eta: number;
  /** Guidance scale. */
  readonly guidance: number;
  /** Noise levels, noisy to clean. */
  readonly levels: readonly Level[];
  /** The solver. */
  readonly solver: Solver;
  /** Evaluations of the denoiser for a run; guidance doubles the network's. */
  readonly evaluations: number;
  /** Whether a distilled network is told how far each step goes, as it then takes the step at once. */
  readonly jumps: boolean;
}

/**
 * Settles how a model draws: its defaults, overridden by `request`, as levels and a solver.
 *
 * @throws {RangeError} If the request is beyond what the model allows.
 */
export function planSampling(
  config: Pick<ModelConfig, "sampling" | "process" | "condition">,
  request: SamplingRequest = {},
): SamplingPlan {
  const { sampling, process, condition } = config;
  const { sampler = sampling.sampler, steps = sampling.steps } = request;
  const guidance = request.guidance ?? sampling.guidance;
  const entry = SAMPLERS.get(sampler);
  if (entry === undefined || !sampling.samplers.includes(sampler)) {
    throw new RangeError(
      `Cannot sample as sampler must be one of ${
        sampling.samplers.join(", ")
      }: current value is ${sampler}`,
    );
  }
  if (
    !Number.isInteger(steps) || steps < sampling.minSteps ||
    steps > sampling.maxSteps
  ) {
    throw new RangeError(
      `Cannot sample as steps must be an integer from ${sampling.minSteps} to ${sampling.maxSteps}: current value is ${steps}`,
    );
  }
  const eta = request.eta ??
    (entry.eta ? valueAt(sampling.etaBySteps, steps) : undefined) ?? 0;
  if (!(eta >= 0 && eta <= 1) || (eta !== 0 && !entry.eta)) {
    throw new RangeError(
      `Cannot sample as eta must be ${
        entry.eta ? "from 0 to 1" : `0 with sampler ${sampler}`
      }: current value is ${eta}`,
    );
  }
  if (!(guidance >= 0 && guidance < Infinity)) {
    throw new RangeError(
      `Cannot sample as guidance must be at least 0: current value is ${guidance}`,
    );
  }
  const power = valueAt(sampling.sigmaPowerBySteps, steps);
  const levels = openProcess(process).levels(steps, {
    ...(power !== undefined && { rho: 1 / power }),
    ...(process.type === "edm" && { sigmaMin: lastSigma(config, steps) }),
  });
  return {
    sampler,
    steps,
    eta,
    guidance,
    levels,
    solver: samplerOf(process, sampler, eta) ?? entry.solver(eta),
    evaluations: (steps - 1) * entry.evaluations + 1,
    jumps: condition?.step !== undefined && entry.straight,
  };
}

/** The stochastic solvers where the process has a variance of its own. */
function samplerOf(
  process: Process,
  sampler: string,
  eta: number,
): Solver | undefined {
  if (process.type !== "vp") return undefined;
  const { variance = "small" } = process;
  if (sampler === "ddpm" && variance === "large") {
    return ddpm({ variance: largeVariance });
  }
  if (variance !== "learned") return undefined;
  if (sampler === "ddpm") {
    return ddpm({ learnedVariance: learnedRangeVariance });
  }
  return sampler === "ddim" && eta > 0
    ? ddim({ eta, learnedVariance: learnedRangeVariance })
    : undefined;
}

/**
 * The last noise level before the clean picture for a number of steps: linear in 1/steps between the entries of
 * `sigmaMinBySteps`, the nearest entry outside them, the process's own where there are none. EDM processes only.
 *
 * @throws {TypeError} If the process is another one.
 */
export function lastSigma(
  { process, sampling }: Pick<ModelConfig, "process" | "sampling">,
  steps: number,
): number {
  if (process.type !== "edm") {
    throw new TypeError(
      `Cannot end a run at a sigma as process must be edm: current value is ${process.type}`,
    );
  }
  return valueAt(sampling.sigmaMinBySteps, steps) ?? process.sigmaMin;
}

/** How near to 0 or 1 alpha is taken for 0 or 1 in pictures of a number of steps. */
export function alphaSnap(
  { sampling }: Pick<ModelConfig, "sampling">,
  steps = sampling.steps,
): number {
  return valueAt(sampling.alphaSnapBySteps, steps) ?? 0;
}
