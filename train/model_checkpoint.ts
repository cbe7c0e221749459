import type { ModelConfig } from "@emoji/diffusion/model-config";
import type { Checkpoint } from "./checkpoint.ts";
import type { RunConfig } from "./config.ts";
import type { DistillationConfig } from "./distillation/distillation.ts";
import { weightsOfModel } from "./init_weights.ts";
import { length, summarizeNetwork } from "./network/parameters.ts";
import { readModelFolder } from "./onnx/model_folder.ts";
import { PRESETS } from "./presets/mod.ts";

/**
 * An exported model as a checkpoint of the run that it came from, as far as it is still known: its weights, without
 * averages and moments, and the numbers of its preset.
 *
 * @param folder For example `models/emoji-32`.
 * @throws {Error} If it is no model, or its network is not its preset's.
 */
export async function checkpointOfModel(folder: string): Promise<Checkpoint> {
  const { config: model, onnx } = await readModelFolder(folder);
  const config = configOfModel(folder, model);
  const { parameters, size } = summarizeNetwork(
    config.network,
    config.size,
    model.condition?.size ?? 1,
  );
  const given = weightsOfModel(onnx);
  const weights = new Float32Array(size);
  let at = 0;
  for (const { name, shape } of parameters) {
    const values = given.get(name)?.values;
    if (values?.length !== length(shape)) {
      throw new Error(
        `Cannot learn from ${folder} as its network must be that of the preset ${config.preset}, whose ${name} has ${
          length(shape)
        } weights: current value is ${values?.length ?? "none"}`,
      );
    }
    weights.set(values, at);
    at += values.length;
  }
  const { images } = model.training;
  return {
    version: 1,
    config,
    step: 0,
    images: typeof images === "number" ? images : 0,
    seconds: 0,
    vectors: { weights },
  };
}

function configOfModel(
  folder: string,
  { image, process, training }: ModelConfig,
): RunConfig {
  const preset = PRESETS[String(training.preset)];
  if (preset === undefined) {
    throw new Error(
      `Cannot learn from ${folder} as its config.json must name the preset of its training, one of ${
        Object.keys(PRESETS).join(", ")
      }: current value is ${training.preset}`,
    );
  }
  const distillation = training.distillation as DistillationConfig | undefined;
  return {
    ...preset,
    size: image.width,
    objective: { ...preset.objective, process },
    ema: [],
    ...(distillation && { distillation }),
  };
}
