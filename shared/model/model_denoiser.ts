import { clip } from "../denoisers/clip.ts";
import type { DenoiseCall, Denoiser } from "../denoisers/denoiser.ts";
import { guide } from "../denoisers/guide.ts";
import { ddimTarget } from "../solvers/ddim.ts";
import { type Condition, encodeCondition } from "./condition.ts";
import type { ModelConfig } from "./config.ts";
import type { SamplingPlan } from "./plan_sampling.ts";
import { processDenoiser } from "./process_denoiser.ts";
import { stepFeatures } from "./step_features.ts";

/**
 * An exported network, with the inputs of `model.onnx`: `x` `[n, C, H, W]` already scaled (twice as many channels where
 * the process is self-conditioning), the level it hears (the same for all images), and `condition` `[n, K]`, empty for
 * unconditional models. The inputs are lent for the time of the call.
 */
export type ModelNetwork = (
  x: Float32Array,
  level: number,
  condition: Float32Array,
  call: DenoiseCall,
) => Float32Array | Promise<Float32Array>;

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
