import { pictureSize } from "../image.ts";
import type { NoiseSource } from "../random/noise_source.ts";
import type { Seed } from "../random/seed.ts";
import { sample, type StepEvent } from "../sample.ts";
import type { Condition } from "./condition.ts";
import type { ModelConfig } from "./config.ts";
import { modelDenoiser, type ModelNetwork } from "./model_denoiser.ts";
import { planSampling, type SamplingPlan } from "./plan_sampling.ts";
import { seedSubject } from "./seed_subject.ts";
import { upsample } from "./upsample.ts";

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
