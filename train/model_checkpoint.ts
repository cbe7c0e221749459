import type { ModelConfig } from "@emoji/diffusion/model-config";
import {
  averageName,
  type Checkpoint,
  newestCheckpoint,
  readCheckpoint,
} from "./checkpoint.ts";
import type { RunConfig } from "./config.ts";
import type { DistillationConfig } from "./distillation/distillation.ts";
import { type NetworkRole, readModelWeights } from "./init_weights.ts";
import { length, summarizeNetwork } from "./network/parameters.ts";
import { readModelFolder } from "./onnx/model_folder.ts";
import { PRESETS } from "./presets/mod.ts";

/** Weights that were blended into others. */
export interface Blend {
  /** Pictures seen by the run that they are of. */
  images: number;
  /** Their share of the mean; below 0 leads away from them. */
  share: number;
}

/** A checkpoint of a run, or what is known of the one that an exported model came from. */
export interface FoundCheckpoint extends Checkpoint {
  /** What a model's weights were blended with, one after the other. */
  blended?: readonly Blend[];
}

/**
 * The checkpoint that `path` names: the newest of a run's folder, a file, or an exported model; undefined where there is
 * none.
 *
 * @param role Which of a model's networks, where it has two.
 */
export async function findCheckpoint(
  path: string,
  role: NetworkRole = "model",
): Promise<FoundCheckpoint | undefined> {
  const newest = await newestCheckpoint(path);
  if (newest !== undefined) return await readCheckpoint(newest);
  const isModel = await Deno.stat(`${path}/config.json`).then(
    () => true,
    () => false,
  );
  return isModel ? await checkpointOfModel(path, role) : undefined;
}

/**
 * An exported model as a checkpoint of the run that it came from, as far as it is still known: its weights, which are an
 * average, without moments, and the numbers of its preset.
 *
 * @param folder For example `models/emoji-32`.
 * @param role Which of its networks.
 * @throws {Error} If it is no model, or its network is not its preset's.
 */
export async function checkpointOfModel(
  folder: string,
  role: NetworkRole = "model",
): Promise<FoundCheckpoint> {
  const files = await readModelFolder(folder);
  const given = readModelWeights(folder, files, role);
  const stored = role === "upsampler"
    ? upsamplerRun(files.config)
    : samplerRun(files.config);
  const config = configOf(folder, stored);
  const { parameters, size } = summarizeNetwork(
    config.network,
    config.size,
    files.config.condition?.size ?? 1,
  );
  const weights = new Float32Array(size);
  let at = 0;
  for (const { name, shape } of parameters) {
    const values = given.get(name)?.values;
    if (values?.length !== length(shape)) {
      throw new Error(
        `Cannot use ${folder} as its network must be that of ${
          "network" in stored.training
            ? "its config.json"
            : `the preset ${config.preset}`
        }, whose ${name} has ${length(shape)} weights: current value is ${
          values?.length ?? "none"
        }`,
      );
    }
    weights.set(values, at);
    at += values.length;
  }
  // A list, or one of them as models had it before.
  const { blended = [] } = stored.training;
  const number = (name: string) => Number(stored.training[name] ?? 0);
  const average = number("average");
  return {
    version: 1,
    config: { ...config, ema: average === 0 ? [] : [average] },
    step: 0,
    images: number("images"),
    seconds: Math.round(3600 * number("hours")),
    blended: [blended as Blend | Blend[]].flat(),
    vectors: {
      weights,
      ...(average !== 0 && { [averageName(average)]: weights }),
    },
  };
}

/** What a model tells of the run that one of its networks came from. */
interface StoredRun extends Pick<RunConfig, "size" | "upsample"> {
  /** Its noise process. */
  process: ModelConfig["process"];
  /** What the exporter wrote down. */
  training: Readonly<Record<string, unknown>>;
}

function samplerRun({ image, process, training }: ModelConfig): StoredRun {
  return { size: image.width, process, training };
}

function upsamplerRun({ image, upsampler, training }: ModelConfig): StoredRun {
  const { scale, process } = upsampler!;
  return {
    size: image.width * scale,
    process,
    training: training.upsampler as StoredRun["training"],
    upsample: { width: scale },
  };
}

function configOf(
  folder: string,
  { size, process, training, upsample }: StoredRun,
): RunConfig {
  const preset = PRESETS[String(training.preset)];
  if (preset === undefined) {
    throw new Error(
      `Cannot use ${folder} as its config.json must name the preset of its training, one of ${
        Object.keys(PRESETS).join(", ")
      }: current value is ${training.preset}`,
    );
  }
  const distillation = training.distillation as DistillationConfig | undefined;
  // Models tell of their networks since presets change; older ones have those of their presets.
  const { network = preset.network } = training as Partial<RunConfig>;
  return {
    ...preset,
    network,
    size,
    objective: { ...preset.objective, process },
    ...(distillation && { distillation }),
    ...(upsample && { upsample }),
  };
}
