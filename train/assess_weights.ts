import type { Condition } from "@emoji/diffusion/condition";
import type { BatchSource } from "./batch.ts";
import type { RunConfig } from "./config.ts";
import type { Engine } from "./engine/engine.ts";
import { levelLosses } from "./heldout.ts";
import { type ModelDraft, previewConfig } from "./model_config.ts";
import type { RunFolder } from "./run_folder.ts";
import { channelsFirst, drawSheet } from "./sheet.ts";
import { drawUpsamplingSheet } from "./upsampling/sheet.ts";

const HELD_OUT_STEPS = 4;
/** Examples on the sheet of an upsampler. */
const UPSAMPLED = 32;

/** What {@linkcode assessWeights} looks at. */
export interface AssessOptions {
  /** The run. */
  config: RunConfig;
  /** Its folder. */
  folder: RunFolder;
  /** Its workers. */
  engine: Engine;
  /** The model that the run trains, for the sample sheets. */
  model: ModelDraft;
  /** Sources of examples for the reported losses, unchanged and with all conditions. */
  reported: { train: BatchSource; heldOut: BatchSource };
  /** Conditions of the sample sheets. */
  conditions: readonly Condition[];
  /** Most solver steps of a sheet's pictures; models that take more skip evenly. */
  sheetSteps: number;
}

/**
 * Writes a sample sheet and the losses on fixed examples, both under the last average of the weights, or the weights
 * where there is none; returns the loss on held-out ones.
 */
export async function assessWeights(
  options: AssessOptions,
  step: number,
  seconds: number,
): Promise<number> {
  const {
    config,
    engine,
    folder,
    conditions,
    reported,
    sheetSteps,
  } = options;
  const { averages, weights: latest } = engine.memory;
  const weights = (averages.at(-1) ?? latest).slice();
  const lossesOf = (source: BatchSource) =>
    levelLosses(
      source,
      config.batch,
      HELD_OUT_STEPS,
      (batch) => engine.losses(weights, batch),
    );
  const heldOut = await lossesOf(reported.heldOut);
  const train = await lossesOf(reported.train);
  folder.log({ step, images: step * config.batch, seconds, heldOut, train });
  const model = previewConfig(options.model);
  const network = channelsFirst(
    model.image,
    (inputs) => engine.predict(weights, inputs),
  );
  const sheet = config.upsample
    ? await drawUpsamplingSheet(
      model.image,
      network,
      reported.heldOut(0, 0, UPSAMPLED),
      config,
    )
    : await drawSheet(model, network, {
      seeds: conditions.map((_, i) => i),
      conditions,
      steps: Math.min(sheetSteps, model.sampling.steps),
      faults: config.faults,
    });
  folder.saveSheet(step, sheet);
  return heldOut.mean;
}
