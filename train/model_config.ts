import type { ConditionLayout } from "@emoji/diffusion/condition";
import type {
  ModelConfig,
  SamplingDefaults,
} from "@emoji/diffusion/model-config";
import type { RunConfig } from "./config.ts";
import type { Manifest } from "./data/manifest.ts";

/** How pictures are drawn unless a request says otherwise; measured in the model card. */
export const SAMPLING: SamplingDefaults = {
  sampler: "dpmpp-2m",
  samplers: ["dpmpp-2m", "ddim", "euler", "heun", "ddpm"],
  steps: 10,
  minSteps: 1,
  maxSteps: 100,
  guidance: 2,
  guidanceFolded: false,
  rho: 7,
  sigmaMinBySteps: [[1, 0.6], [4, 0.4], [8, 0.2], [16, 0.08], [50, 0.02]],
  clip: true,
  alphaSnap: 0.03,
};

/** Noise levels a network is used at; training covers them with room to spare. */
const SIGMA_RANGE = { sigmaMin: 0.02, sigmaMax: 80 };

/** The part of a model's configuration that is known before its file is written. */
export type ModelDraft = Omit<ModelConfig, "model" | "training">;

/** Describes the model that a run trains. */
export function draftModel(
  name: string,
  run: RunConfig,
  layout: ConditionLayout,
  { attribution }: Pick<Manifest, "attribution">,
): ModelDraft {
  return {
    version: 1,
    name,
    image: {
      width: run.size,
      height: run.size,
      channels: run.network.pictureChannels,
      encoding: "premultiplied-rgba",
    },
    process: { type: "edm", sigmaData: run.sigmaData, ...SIGMA_RANGE },
    condition: layout,
    sampling: SAMPLING,
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
