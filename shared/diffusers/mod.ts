/**
 * Samples models that were trained with the Python library diffusers: a `scheduler_config.json` becomes levels, a solver
 * and a wrapper for the network.
 *
 * @example Ten steps of DPM-Solver++ for a network that predicts the noise
 * ```ts
 * import { sample } from "@emoji/diffusion";
 * import { fromDiffusers } from "@emoji/diffusion/diffusers";
 * import assert from "node:assert/strict";
 *
 * const config = { _class_name: "DPMSolverMultistepScheduler", beta_schedule: "scaled_linear", beta_start: 0.00085, beta_end: 0.012 };
 * const plan = fromDiffusers(config, 10);
 * const network = (x: Float32Array, timestep: number) => x.map((value) => value * timestep / 1000);
 * const images = await sample(plan.denoiser(network), { ...plan, size: 12, seeds: [1, 2] });
 * assert.equal(images.length, 24);
 * ```
 *
 * @module
 */
import * as ancestral from "./ancestral_classes.ts";
import { fieldsOf } from "./class_fields.ts";
import { readConfig, type SchedulerConfig } from "./config.ts";
import * as edm from "./edm_classes.ts";
import { checkFields } from "./fields.ts";
import * as flow from "./flow_classes.ts";
import type { DiffusersPlan, PlanRequest } from "./plan.ts";
import * as solvers from "./solver_classes.ts";

export type { SchedulerConfig } from "./config.ts";
export type { DiffusersPlan } from "./plan.ts";

/** Classes of diffusers and what they are here. */
const CLASSES: Readonly<
  Record<string, (request: PlanRequest) => DiffusersPlan>
> = {
  DDPMScheduler: ancestral.ddpmPlan,
  DDPMParallelScheduler: ancestral.ddpmPlan,
  DDIMScheduler: ancestral.ddimPlan,
  DDIMParallelScheduler: ancestral.ddimPlan,
  DDIMInverseScheduler: ancestral.ddimInversePlan,
  UnCLIPScheduler: ancestral.unclipPlan,
  PNDMScheduler: ancestral.pndmPlan,
  LCMScheduler: ancestral.lcmPlan,
  TCDScheduler: ancestral.tcdPlan,
  DPMSolverMultistepScheduler: solvers.dpmMultistepPlan,
  DPMSolverMultistepInverseScheduler: solvers.dpmInversePlan,
  DPMSolverSinglestepScheduler: solvers.dpmSinglestepPlan,
  DPMSolverSDEScheduler: solvers.sdePlan,
  UniPCMultistepScheduler: solvers.unipcPlan,
  DEISMultistepScheduler: solvers.deisPlan,
  SASolverScheduler: solvers.saPlan,
  IPNDMScheduler: solvers.ipndmPlan,
  EulerDiscreteScheduler: solvers.eulerPlan,
  EulerAncestralDiscreteScheduler: solvers.eulerAncestralPlan,
  HeunDiscreteScheduler: solvers.heunPlan,
  LMSDiscreteScheduler: solvers.lmsPlan,
  KDPM2DiscreteScheduler: solvers.dpm2Plan,
  KDPM2AncestralDiscreteScheduler: solvers.dpm2AncestralPlan,
  EDMEulerScheduler: edm.edmEulerPlan,
  EDMDPMSolverMultistepScheduler: edm.edmDpmPlan,
  CMStochasticIterativeScheduler: edm.consistencyPlan,
  FlowMatchEulerDiscreteScheduler: flow.flowEulerPlan,
  FlowMatchHeunDiscreteScheduler: flow.flowHeunPlan,
};

/** Names of the classes of diffusers that {@linkcode fromDiffusers} knows. */
export const DIFFUSERS_CLASSES: readonly string[] = Object.keys(CLASSES);

/** Classes that take no timesteps, in diffusers as here. */
const WITHOUT_TIMESTEPS: ReadonlySet<string> = new Set([
  "IPNDMScheduler",
  "EDMEulerScheduler",
  "EDMDPMSolverMultistepScheduler",
]);

/** Options for {@linkcode fromDiffusers}. */
export interface FromDiffusersOptions {
  /**
   * Whether tables have the float32 values of torch, for results that agree to its precision.
   * @default {false}
   */
  float32?: boolean;
  /**
   * Timesteps to use in place of evenly spaced ones; the classes of EDM and IPNDM take none.
   * @default {those of the configuration}
   */
  timesteps?: readonly number[];
  /**
   * Sigmas of FlowMatchEuler to use in place of evenly spaced ones, before they are shifted: decreasing, in (0, 1]. The
   * pipelines of Flux and its like give `1 … 1/n`.
   * @default {those of the configuration}
   */
  sigmas?: readonly number[];
  /**
   * How far FlowMatchEuler is shifted, where `use_dynamic_shifting` is true: in pipelines
   * `base_shift + (max_shift − base_shift)·(n − base_image_seq_len) / (max_image_seq_len − base_image_seq_len)` for an
   * image of n tokens. The shift is e^mu, or mu where `time_shift_type` is "linear".
   * @default {none}
   */
  mu?: number;
  /**
   * Stochasticity of DDIM and TCD.
   * @default {0 for DDIM, 0.3 for TCD}
   */
  eta?: number;
  /**
   * Whether DDIM goes on with the noise that follows from the clipped images.
   * @default {false}
   */
  useClippedModelOutput?: boolean;
  /**
   * Whether DDPM adds noise to the clean image too where its last timestep is not 0, a fault of diffusers that shows with
   * the larger variances.
   * @default {false}
   */
  finalNoise?: boolean;
}

/**
 * The plan of a scheduler of diffusers.
 *
 * Where its class has a fault this library does not have it: the next timestep is read from the list (DDIM with
 * "linspace"), lists do not overshoot, no noise is added to the clean image, misspelt names are not ignored. Fields that its class does not have, but others
 * of diffusers do, mean nothing, as there.
 *
 * @param config Contents of `scheduler_config.json`.
 * @param steps How many steps to make, `num_inference_steps`.
 * @throws {RangeError} If the class, a value of a field or a combination of fields is not supported, if timesteps are
 * given to a class that takes none, as are sigmas and mu but for FlowMatchEuler, or if a field that is neither null nor false is in no class of diffusers. Names that
 * start with `_` are free.
 * @throws {TypeError} If a field is of another type.
 */
export function fromDiffusers(
  config: SchedulerConfig,
  steps: number,
  options: FromDiffusersOptions = {},
): DiffusersPlan {
  const name = String(config["_class_name"] ?? "");
  const plan = Object.hasOwn(CLASSES, name) ? CLASSES[name] : undefined;
  if (plan === undefined) {
    throw new RangeError(
      `Cannot read a scheduler as _class_name must be one of ${
        DIFFUSERS_CLASSES.join(", ")
      }: current value is ${JSON.stringify(config["_class_name"])}`,
    );
  }
  const reader = readConfig(name, config, fieldsOf(name));
  checkFields(config, reader);
  const { float32 = false, timesteps, sigmas, mu, ...others } = options;
  if (
    name !== "FlowMatchEulerDiscreteScheduler" && (sigmas ?? mu) !== undefined
  ) {
    throw new RangeError(
      `Cannot use 'sigmas' or 'mu' as only FlowMatchEulerDiscreteScheduler takes them: current value is ${name}`,
    );
  }
  if (sigmas !== undefined && timesteps !== undefined) {
    throw new RangeError(
      "Cannot use 'sigmas' and 'timesteps' as one of them must be given: current value is both",
    );
  }
  if (timesteps !== undefined && WITHOUT_TIMESTEPS.has(name)) {
    throw new RangeError(
      `Cannot use 'timesteps' as ${name} takes none: current value is ${timesteps}`,
    );
  }
  return plan({
    config: reader,
    steps: (timesteps ?? sigmas)?.length ?? steps,
    float32,
    timesteps,
    sigmas,
    mu,
    ...others,
  });
}
