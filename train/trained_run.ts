/**
 * What a run has learned so far: its newest checkpoint with all that is needed to make a model of it.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { ConditionLayout } from "@emoji/diffusion/condition";
import type { ModelConfig, ModelFile } from "@emoji/diffusion/model-config";
import { averageName, type Checkpoint } from "./checkpoint.ts";
import { conditionLayout } from "./condition_layout.ts";
import { type Dataset, loadDataset } from "./dataset.ts";
import { datasetFolder } from "./run_dataset.ts";
import type { NetworkRole } from "./init_weights.ts";
import { type Blend, findCheckpoint } from "./model_checkpoint.ts";
import { describeUpsampler, draftModel } from "./model_config.ts";
import { isConditional } from "./network/network.ts";
import { type NetworkSummary, summarizeNetwork } from "./network/parameters.ts";
import { exportUnet } from "./onnx/export_unet.ts";
import type { WeightType } from "./onnx/model.ts";
import type { ModelFiles } from "./onnx/model_folder.ts";
import { UsageError } from "./options.ts";
import { averageOfRun } from "./snapshots.ts";
import { listConcepts, listSubjects } from "./subjects.ts";

/** Options for {@linkcode readTrainedRun}. */
export interface TrainedRunOptions {
  /** Folder of the run, one of its checkpoints, or an exported model. */
  run: string;
  /**
   * Which of a model's networks, where it has two.
   * @default {"model"}
   */
  role?: NetworkRole | undefined;
  /** Folder of the data sets. */
  data: string;
  /**
   * Which average of the weights, by its relative length; 0 for the weights themselves.
   * @default {the last of the run}
   */
  ema?: number | undefined;
  /**
   * Another run of the same network, such as the one that this began with: the mean of the two keeps what each is better
   * at (Wortsman et al. 2022).
   * @default {none}
   */
  blend?: string | undefined;
  /**
   * Its share of the mean; below 0 leads away from it.
   * @default {0.5}
   */
  share?: number | undefined;
}

/** A run at its newest checkpoint. */
export interface TrainedRun {
  /** The checkpoint. */
  checkpoint: Checkpoint;
  /** Relative length of the average that {@linkcode TrainedRun.weights} are, 0 for none. */
  ema: number;
  /** The flat weights. */
  weights: Float32Array;
  /** What the weights were blended with, one after the other. */
  blended: readonly Blend[];
  /** Parameters of the network. */
  summary: NetworkSummary;
  /** What can be asked of it. */
  layout: ConditionLayout;
  /** What it learned from. */
  dataset: Dataset;
}

/**
 * Reads the newest checkpoint of a run, or an exported model, and the data set it was trained on.
 *
 * @throws {UsageError} If there is neither, or not the average that is asked for.
 * @throws {Error} If the checkpoint or the data set is damaged.
 */
export async function readTrainedRun(
  { run, role, data, ema: wanted, blend, share = 0.5 }: TrainedRunOptions,
): Promise<TrainedRun> {
  const checkpoint = await findCheckpoint(run, role);
  if (checkpoint === undefined) {
    throw new UsageError(
      `Cannot read the run as --run must name a folder with checkpoints or an exported model: current value is ${run}`,
    );
  }
  const { config, vectors, blended = [] } = checkpoint;
  const ema = wanted ?? config.ema.at(-1) ?? 0;
  const weights = vectors[averageName(ema)] ??
    await averageOfRun(run, checkpoint.step, ema);
  if (weights === undefined) {
    throw new UsageError(
      `Cannot read the run as --ema must be one of ${
        [0, ...config.ema].join(", ")
      }, or the run must have kept snapshots: current value is ${ema}`,
    );
  }
  const dataset = await loadDataset(datasetFolder(data, config));
  const layout = conditionLayout(
    dataset.manifest.vocabularies,
    config.distillation,
  );
  const summary = summarizeNetwork(config.network, config.size, layout.size);
  const trained = {
    checkpoint,
    ema,
    weights,
    blended,
    summary,
    layout,
    dataset,
  };
  if (blend === undefined) return trained;
  const other = await readTrainedRun({ run: blend, role, data, ema: wanted });
  const names = ({ parameters }: NetworkSummary) =>
    parameters.map(({ name, shape }) => `${name} ${shape}`);
  if (!isDeepStrictEqual(names(other.summary), names(summary))) {
    throw new UsageError(
      `Cannot blend ${run} with ${blend} as --blend must name a run of the same network: its parameters are other ones`,
    );
  }
  const { images } = other.checkpoint;
  const mean = weights.map((weight, i) =>
    weight + share * (other.weights[i]! - weight)
  );
  return {
    ...trained,
    weights: mean,
    blended: [...blended, { images, share }],
  };
}

/** Options for {@linkcode buildModel}. */
export interface BuildModelOptions {
  /** How the file stores weights. */
  weightType: WeightType;
  /**
   * Beginnings of the groups or subgroups that a seed alone may draw; all where there is none.
   * @default {[]}
   */
  subjects?: readonly string[];
  /** The run of a network that enlarges finished pictures. */
  upsampler?: TrainedRun | undefined;
}

/** Writes a run's network as an ONNX file, and describes the file. */
export function exportNetwork(
  { checkpoint: { config }, weights, summary, layout }: TrainedRun,
  file: string,
  weightType: WeightType,
): { model: ModelFile; onnx: Uint8Array<ArrayBuffer> } {
  const onnx = exportUnet({
    network: config.network,
    parameters: summary.parameters,
    weights,
    size: config.size,
    conditionSize: layout.size,
    weightType,
  });
  const sha256 = createHash("sha256").update(onnx).digest("hex");
  return { model: { file, sha256, bytes: onnx.length }, onnx };
}

/** What a model's configuration tells of a run. */
function describeRun(
  { checkpoint: { config, images, seconds }, ema, blended, summary }:
    TrainedRun,
) {
  return {
    preset: config.preset,
    data: config.data.name,
    network: config.network,
    images,
    hours: Number((seconds / 3600).toFixed(2)),
    parameters: summary.size,
    macs: summary.macs,
    average: ema,
    ...(blended.length > 0 && { blended }),
    ...(config.distillation && { distillation: config.distillation }),
  };
}

/**
 * Makes the model of a run: the networks' files and the configuration that goes with them.
 *
 * @throws {UsageError} If the run, or the upsampler's, is of the other kind, or their pictures do not fit.
 */
export function buildModel(
  name: string,
  trained: TrainedRun,
  { weightType, subjects = [], upsampler }: BuildModelOptions,
): ModelFiles {
  const { layout, dataset: { manifest }, checkpoint: { config: run } } =
    trained;
  if (run.upsample) {
    throw new UsageError(
      "Cannot draw with the run alone as it is that of an upsampler: give it as --upsampler beside the --run of a model of smaller pictures",
    );
  }
  const { model, onnx } = exportNetwork(trained, "model.onnx", weightType);
  const config: ModelConfig = {
    ...draftModel(name, run, layout, manifest),
    ...(isConditional(run.network) && {
      subjects: listSubjects(manifest, layout, { only: subjects }),
      concepts: listConcepts(manifest, layout),
    }),
    training: {
      ...describeRun(trained),
      pictures: manifest.counts,
      dataset: manifest.sha256,
    },
    model,
  };
  const files = { config, onnx };
  return upsampler ? withUpsampler(files, upsampler, weightType) : files;
}

/**
 * Gives a model the network of a run that enlarges its pictures, in place of the one that it may have.
 *
 * @throws {UsageError} If the run is none of an upsampler, or the pictures do not fit.
 */
export function withUpsampler(
  { config, onnx }: ModelFiles,
  upsampler: TrainedRun,
  weightType: WeightType,
): ModelFiles {
  const described = describeUpsampler(
    upsampler.checkpoint.config,
    config.image,
  );
  const larger = exportNetwork(upsampler, "upsampler.onnx", weightType);
  return {
    config: {
      ...config,
      upsampler: { ...described, model: larger.model },
      training: { ...config.training, upsampler: describeRun(upsampler) },
    },
    onnx,
    upsampler: larger.onnx,
  };
}
