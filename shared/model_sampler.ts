import { valueAt } from "./by_steps.ts";
import { type Condition, encodeCondition } from "./condition.ts";
import { clip } from "./denoisers/clip.ts";
import type { DenoiseCall, Denoiser } from "./denoisers/denoiser.ts";
import { guide } from "./denoisers/guide.ts";
import { pictureSize } from "./image.ts";
import type { Level } from "./level.ts";
import type { ModelConfig } from "./model_config.ts";
import type { Process } from "./model_process.ts";
import { openProcess } from "./open_process.ts";
import { processDenoiser } from "./process_denoiser.ts";
import type { NoiseSource } from "./random/noise_source.ts";
import type { Seed } from "./random/seed.ts";
import { seedSubject } from "./seed_subject.ts";
import { sample, type StepEvent } from "./sample.ts";
import { SAMPLERS } from "./sampler_registry.ts";
import { ddim, ddimTarget } from "./solvers/ddim.ts";
import { ddpm } from "./solvers/ddpm.ts";
import type { Solver } from "./solvers/solver.ts";
import { stepFeatures } from "./step_features.ts";
import { upsample } from "./upsample.ts";
import { largeVariance, learnedRangeVariance } from "./variance.ts";

/**
 * An exported network, with the inputs of `model.onnx`: `x` `[n, C, H, W]` already scaled (twice as many channels where
 * the process is self-conditioning), the level it hears (the same
 * for all images), and `condition` `[n, K]`, empty for unconditional models. The inputs are lent for the time of the call.
 */
export type ModelNetwork = (
  x: Float32Array,
  level: number,
  condition: Float32Array,
  call: DenoiseCall,
) => Float32Array | Promise<Float32Array>;

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

/**
 * The scale to apply to a model's own answers for a guidance scale. Answers with the scale w folded in differ from
 * unconditional ones by w times as much as plain ones do, so that scale/w of the difference is left to apply; 1 is
 * nothing to do, with one evaluation of the network instead of two.
 */
export function scaleOfGuidance(
  { sampling }: Pick<ModelConfig, "sampling">,
  guidance: number,
): number {
  return sampling.guidanceFolded ? guidance / sampling.guidance : guidance;
}

/** Options for {@linkcode modelDenoiser}. */
export interface ModelDenoiserOptions {
  /**
   * What each image shows.
   * @default {[]} nothing is asked for
   */
  conditions?: readonly Condition[];
  /**
   * Guidance scale; not applied where nothing is asked for, and free of cost where the model has just this one folded in.
   * @default {config.sampling.guidance}
   */
  guidance?: number;
  /**
   * A run whose steps a distilled network takes at once, one evaluation each.
   * @default {none} the network is asked for the plain denoiser
   */
  jumps?: Pick<SamplingPlan, "levels" | "eta"> | undefined;
}

/**
 * Wraps a model's network into a denoiser: conditions, preconditioning, guidance, clipping.
 *
 * @throws {RangeError} If a condition is not in the model's vocabulary.
 */
export function modelDenoiser(
  config: ModelConfig,
  network: ModelNetwork,
  options: ModelDenoiserOptions = {},
): Denoiser {
  const { conditions = [], guidance = config.sampling.guidance, jumps } =
    options;
  const { step } = config.condition ?? {};
  const width = config.condition?.size ?? 0;
  const encode = (condition: Condition): Float32Array =>
    config.condition === undefined
      ? new Float32Array(0)
      : encodeCondition(config.condition, condition);
  const vectors = conditions.map(encode);
  const nothing = encode({});
  const conditional = (rows: readonly Float32Array[]): Denoiser =>
    processDenoiser(config.process, (x, told, call) => {
      const condition = new Float32Array(call.images * width);
      const jump = step && jumps && jumpFeatures(jumps, call.step, step.count);
      for (let image = 0; image < call.images; image++) {
        condition.set(rows[image] ?? nothing, image * width);
        if (jump) condition.set(jump, image * width + step!.offset);
      }
      return network(x, told, condition, call);
    });

  const asked = vectors.some((vector) =>
    vector.some((weight, row) => weight !== nothing[row])
  );
  const scale = scaleOfGuidance(config, guidance);
  const denoiser = scale === 1 || !asked
    ? conditional(vectors)
    : guide(conditional(vectors), conditional([]), scale);
  return config.sampling.clip ? clip(denoiser) : denoiser;
}

/** What a distilled network is told of a step: how far it goes before noise is added. */
function jumpFeatures(
  { levels, eta }: Pick<SamplingPlan, "levels" | "eta">,
  index: number,
  count: number,
): Float32Array {
  const [level, next] = [levels[index]!, levels[index + 1]!];
  return stepFeatures(level, ddimTarget(level, next, eta), count);
}

/** Options for {@linkcode drawPlanes}. */
export interface DrawOptions {
  /** One seed an image. */
  seeds: readonly Seed[];
  /**
   * How to draw.
   * @default {planSampling(config)}
   */
  plan?: SamplingPlan;
  /**
   * What each image shows; one for all, or one an image. An image's seed chooses what is left open, see `seedSubject()`.
   * @default {{}}
   */
  condition?: Condition | readonly Condition[];
  /**
   * Where the noise of each image comes from.
   * @default {seeds.map((seed) => philoxNoise(seed))}
   */
  noise?: readonly NoiseSource[];
  /**
   * The noisy images at the first level.
   * @default {noise of the sources}
   */
  start?: Float32Array;
  /** The network of the model's upsampler, where it has one. */
  upsampler?: ModelNetwork | undefined;
  /** Stops the run. */
  signal?: AbortSignal | undefined;
  /** Called after every step; the run waits for what it returns. */
  onStep?: ((event: StepEvent) => void | Promise<void>) | undefined;
}

/**
 * Draws pictures with a model. Image k depends on its own seed and condition alone.
 *
 * @returns Planes in the model's encoding, `[images, channels, height, width]` of `drawnShape(config)`.
 * @throws {TypeError} If the network of an upsampler is missing.
 */
export async function drawPlanes(
  config: ModelConfig,
  network: ModelNetwork,
  options: DrawOptions,
): Promise<Float32Array> {
  const { seeds, plan = planSampling(config), condition = {} } = options;
  const { noise, start, signal, onStep, upsampler } = options;
  if (config.upsampler && !upsampler) {
    throw new TypeError(
      `Cannot draw with ${config.name} as the network of its upsampler must be given`,
    );
  }
  const conditions = seeds.map((seed, image) =>
    seedSubject(
      config,
      Array.isArray(condition) ? condition[image] : condition,
      seed,
    )
  );
  const denoiser = modelDenoiser(config, network, {
    conditions,
    guidance: plan.guidance,
    jumps: plan.jumps ? plan : undefined,
  });
  const planes = await sample(denoiser, {
    levels: plan.levels,
    solver: plan.solver,
    size: pictureSize(config.image),
    seeds,
    ...(noise && { noise }),
    ...(start && { start }),
    ...(signal && { signal }),
    ...(onStep && { onStep }),
  });
  if (!config.upsampler) return planes;
  signal?.throwIfAborted();
  return await upsample(config.upsampler, upsampler!, planes, config.image);
}
