import { inpaint } from "@emoji/diffusion/editing";
import { pictureSize, pictureToPlanes } from "@emoji/diffusion/image";
import type { ModelConfig } from "@emoji/diffusion/model-config";
import type { SamplingPlan } from "@emoji/diffusion/model-sampler";
import type { Picture } from "@emoji/diffusion/png";
import {
  type NoiseSource,
  philoxNoise,
  type Seed,
} from "@emoji/diffusion/random";
import { lastLevels } from "@emoji/diffusion/steps";

/** A picture to start from; plain data, so that it can be sent to a worker. */
export interface Edit {
  /** The picture, of the model's size. */
  readonly image: Picture;
  /** How much may change, 0…1, pixel by pixel; all of it if absent. */
  readonly mask?: Float32Array;
  /** How much of the run is made, in (0, 1], one step at least: 1 keeps nothing of the picture but what the mask keeps. */
  readonly strength: number;
}

/** A run that starts from a picture. */
export interface EditedRun {
  /** Levels and solver of the run. */
  readonly plan: SamplingPlan;
  /** The noisy picture at the first level. */
  readonly start: Float32Array;
  /** The noise that is drawn on the way. */
  readonly noise: readonly NoiseSource[];
}

/** Turns a run from noise into one from a picture: SDEdit, Meng et al. (2022), and replacement of what the mask keeps. */
export function editRun(
  config: ModelConfig,
  plan: SamplingPlan,
  { image, mask, strength }: Edit,
  seed: Seed,
): EditedRun {
  const steps = plan.levels.length - 1;
  const levels = steps * strength < 1
    ? plan.levels.slice(-2) // one step at least
    : lastLevels(plan.levels, strength);
  const clean = pictureToPlanes(image, config.image);
  const noise = new Float32Array(pictureSize(config.image));
  philoxNoise(seed).normal(noise);
  const { alpha, sigma } = levels[0]!;
  const start = clean.map((value, i) => alpha * value + sigma * noise[i]!);
  const known = mask && Float32Array.from(
    clean,
    (_, i) => 1 - mask[i % mask.length]!,
  );
  const solver = known === undefined
    ? plan.solver
    : inpaint(plan.solver, { image: clean, mask: known });
  return {
    plan: { ...plan, levels, solver },
    start,
    noise: [philoxNoise(`${seed} edit`)],
  };
}
