import type { ConditionLayout } from "@emoji/diffusion/condition";
import type { ImageShape } from "@emoji/diffusion/image";
import type {
  ModelConfig,
  SamplingDefaults,
  Upsampler,
} from "@emoji/diffusion/model-config";
import type { RunConfig } from "./config.ts";
import type { Manifest } from "./data/manifest.ts";
import { isConditional } from "./network/network.ts";
import { UsageError } from "./options.ts";

/** What all models have in common. */
const COMMON = { minSteps: 1, guidanceFolded: false, clip: true } as const;

/** Guidance scale that conditional models are sampled with, and distilled. */
export const GUIDANCE = 2.5;

/** The same where a teacher is also led away from a worse version of itself, measured with autoguidance of 2.5. */
export const GUIDANCE_BESIDE_AUTOGUIDANCE = 1.4;

/** Few steps end best at a higher noise level; measured with guidance 2 to 3. */
const EDM_SIGMA_MIN = [
  [1, 0.6],
  [4, 0.4],
  [8, 0.2],
  [16, 0.08],
  [50, 0.02],
] as const;

/** The same for steps that a network has learned to take at once; measured with `emoji-32` at 2, 3, 4 and 8 steps. */
const DISTILLED_SIGMA_MIN = [
  [2, 2],
  [3, 0.12],
  [4, 0.12],
  [8, 0.04],
  [50, 0.05],
] as const;

/** Few of them do most below σ = 10; measured with `emoji-32` at 3, 4, 8 and 16 steps. */
const DISTILLED_SIGMA_POWER = [
  [3, -0.1],
  [4, -0.15],
  [8, 0],
  [16, 0],
  [50, 0.14],
] as const;

/**
 * Later steps correct what earlier ones drew wrong, and noise of their own lets them; with all of it at four steps edges
 * and contrasts are stronger than those of real pictures, at fifty colours are paler. Measured with both models.
 */
const DISTILLED_ETA = [[2, 0], [3, 1], [4, 0.7], [8, 1], [50, 0.45]] as const;

/** Few steps leave more haze around and holes in shapes; measured with both models against real pictures. */
const ALPHA_SNAP = [[4, 0.02], [50, 0.01]] as const;

/** How a network draws that has learned to take few steps. */
export const DISTILLED_SAMPLING = {
  guidanceFolded: true,
  sigmaMinBySteps: DISTILLED_SIGMA_MIN,
  sigmaPowerBySteps: DISTILLED_SIGMA_POWER,
  etaBySteps: DISTILLED_ETA,
  sampler: "ddim",
  samplers: ["ddim", "euler", "dpmpp-2m", "heun", "ddpm"],
  steps: 4,
} as const;

/** How pictures are drawn unless a request says otherwise; for EDM models measured in the model card. */
export function samplingDefaults(
  { objective: { process }, network, data, distillation }: RunConfig,
): SamplingDefaults {
  const common = {
    ...COMMON,
    guidance: isConditional(network) ? GUIDANCE : 1,
    sigmaMinBySteps: [],
    sigmaPowerBySteps: [],
    etaBySteps: [],
    alphaSnapBySteps: data.encoding === "rgb" ? [] : ALPHA_SNAP,
  };
  if (process.type === "edm") {
    const edm = { ...common, maxSteps: 100, sigmaMinBySteps: EDM_SIGMA_MIN };
    return distillation
      ? { ...edm, guidance: distillation.guidance, ...DISTILLED_SAMPLING }
      : {
        ...edm,
        sampler: "dpmpp-2m",
        samplers: ["dpmpp-2m", "ddim", "euler", "heun", "ddpm"],
        steps: 10,
      };
  }
  if (process.type === "vp" && "length" in process.schedule) {
    const { length } = process.schedule;
    // A learned variance lets steps be left out (Nichol & Dhariwal 2021, §4).
    const steps = process.variance === "learned" ? 250 : length;
    return {
      ...common,
      sampler: "ddpm",
      samplers: ["ddpm", "ddim", "dpmpp-2m"],
      steps: Math.min(steps, length),
      maxSteps: length,
    };
  }
  return {
    ...common,
    sampler: "heun",
    samplers: ["heun", "euler", "ddim", "dpmpp-2m"],
    steps: 20,
    maxSteps: 100,
  };
}

/** Noise that pictures are taken to have when they are enlarged; measured with `emoji-64`. */
export const UPSAMPLER_SIGMA = 1;

/**
 * Describes an upsampler.
 *
 * @param run The upsampler's run.
 * @param small The pictures that it enlarges.
 * @throws {UsageError} If it is no upsampler, or their pictures do not fit.
 */
export function describeUpsampler(
  { upsample, size, data, objective: { process } }: RunConfig,
  small: Pick<ImageShape, "width" | "encoding">,
): Omit<Upsampler, "model"> {
  const { width = 1 } = upsample ?? {};
  if (
    upsample === undefined || size !== width * small.width ||
    data.encoding !== small.encoding || process.type !== "edm"
  ) {
    throw new UsageError(
      `Cannot enlarge the model's pictures as --upsampler must be a run that makes ${small.encoding} pictures of ${small.width} pixels larger: its pictures of ${size} pixels come from ${
        size / width
      } pixels, ${data.encoding}`,
    );
  }
  return { scale: width, process, level: UPSAMPLER_SIGMA };
}

/** The part of a model's configuration that is known before its file is written. */
export type ModelDraft = Omit<ModelConfig, "model" | "training">;

/** Describes the model that a run trains. */
export function draftModel(
  name: string,
  run: RunConfig,
  layout: ConditionLayout,
  { attribution, encoding }: Pick<Manifest, "attribution" | "encoding">,
): ModelDraft {
  return {
    version: 1,
    name,
    image: {
      width: run.size,
      height: run.size,
      channels: run.network.pictureChannels,
      encoding,
    },
    process: run.objective.process,
    ...(isConditional(run.network) && { condition: layout }),
    sampling: samplingDefaults(run),
    // SPDX's word for "nothing is said", as of a user's own pictures.
    license: [...new Set(attribution.map(({ license }) => license.spdx))]
      .filter(Boolean).sort().join(" AND ") || "NOASSERTION",
    attribution: attribution.map(({ title, author, url, license }) =>
      `${title} by ${author}, ${license.title}, ${url}`
    ),
  };
}

/** Completes a draft for previews, where no file is written. */
export function previewConfig(draft: ModelDraft): ModelConfig {
  const model = { file: "preview", sha256: "0".repeat(64), bytes: 1 };
  return { ...draft, training: {}, model };
}
