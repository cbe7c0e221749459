/**
 * What can be asked of `deno task train`, and the run that comes of it.
 *
 * @module
 */

import { BACKENDS } from "./backend.ts";
import type { DataConfig, RunConfig } from "./config.ts";
import { nameOfFolder } from "./data/recipe.ts";
import { SOURCES } from "./data/sources/registry.ts";
import {
  distilled,
  type DistilledOptions,
  type TeacherScales,
} from "./distillation/distillation.ts";
import { GUIDANCE, GUIDANCE_BESIDE_AUTOGUIDANCE } from "./model_config.ts";
import type { LevelDistribution } from "./objectives/levels.ts";
import { ELEMENT_LOSSES } from "./objectives/objective.ts";
import { OPTIMIZER_NAMES } from "./open_optimizer.ts";
import type { OptionTable, OptionValues } from "./options.ts";
import { parseTexts } from "./parse_list.ts";
import { emoji64 } from "./presets/emoji_64.ts";
import { FAULTS, withFaults } from "./presets/faults.ts";
import { PRESETS } from "./presets/mod.ts";
import { enlarging } from "./upsampling/upsampling.ts";
import { MAX_WORKERS } from "./engine/memory.ts";

/** Options of the command line. */
export const OPTIONS = {
  preset: {
    type: "string",
    default: "emoji",
    choices: Object.keys(PRESETS),
    help: "numbers of the run",
  },
  run: { type: "string", help: "folder of the run (default runs/PRESET)" },
  data: { type: "string", default: "data", help: "folder of the data sets" },
  source: {
    type: "string",
    choices: Object.keys(SOURCES),
    help: "where pictures come from, instead of the preset's source",
  },
  from: { type: "string", help: "folder that the source reads" },
  size: {
    type: "number",
    integer: true,
    min: 1,
    max: 512,
    help: "width and height of the pictures",
  },
  backend: {
    type: "string",
    default: "auto",
    choices: ["auto", ...BACKENDS],
    help: "where to compute",
  },
  precision: {
    type: "string",
    default: "auto",
    choices: ["auto", "float32", "bfloat16"],
    help: "type of the pictures inside the network, native backend",
  },
  workers: {
    type: "number",
    integer: true,
    min: 1,
    max: MAX_WORKERS,
    help:
      "threads, each with an equal slice of the batch (default one a core, as far as the batch divides)",
  },
  images: { type: "number", min: 1, help: "pictures to see in all" },
  minutes: { type: "number", min: 0, help: "stop after so many minutes" },
  patience: {
    type: "number",
    integer: true,
    min: 1,
    help:
      "stop after so many sample sheets without a lower held-out loss, that of best.ckpt",
  },
  init: {
    type: "string",
    help:
      "begin with the weights of this checkpoint, run folder or exported model",
  },
  distill: {
    type: "string",
    help:
      "learn to draw in few steps what this run, checkpoint or exported model draws in many",
  },
  guidance: {
    type: "number",
    min: 0,
    max: 100,
    needs: ["distill"],
    help:
      `guidance of the teacher, which is folded in (default ${GUIDANCE}, beside --autoguide ${GUIDANCE_BESIDE_AUTOGUIDANCE})`,
  },
  autoguide: {
    type: "string",
    needs: ["distill"],
    help:
      "lead the teacher away from what this worse version of it answers, a smaller or shorter run for the same data",
  },
  autoguidance: {
    type: "number",
    default: 2.5,
    min: 1,
    max: 100,
    needs: ["autoguide"],
    help: "how far, where 1 is not at all",
  },
  matching: {
    type: "boolean",
    default: false,
    needs: ["distill"],
    help:
      "move what the student draws in few steps, or what becomes of enlarged pictures, towards how the teacher's pictures are distributed, best after a run without",
  },
  "matching-guidance": {
    type: "number",
    min: 0,
    max: 100,
    needs: ["matching"],
    help: "guidance of the teacher there (default 1)",
  },
  "matching-autoguidance": {
    type: "number",
    default: 2,
    min: 1,
    max: 100,
    needs: ["matching", "autoguide"],
    help: "autoguidance of the teacher there",
  },
  adversarial: {
    type: "number",
    default: 0,
    min: 0,
    max: 1,
    needs: ["matching"],
    help:
      "share of what makes pictures look real to a critic, which learns to tell them from real ones, in where they are moved; the rest is the teacher's",
  },
  enlarge: {
    type: "string",
    help:
      "learn to draw the detail of what this run, checkpoint or exported model draws; with --preset upsampler, and with --distill and --matching also what of it a run of the large size would not have drawn",
  },
  "batch-size": {
    type: "number",
    integer: true,
    min: 1,
    help: "pictures a step",
  },
  accumulation: {
    type: "number",
    integer: true,
    min: 1,
    help: "parts in which a thread takes its slice, to save memory",
  },
  lr: { type: "number", min: 0, help: "peak learning rate" },
  optimizer: {
    type: "string",
    choices: OPTIMIZER_NAMES,
    help: "how a gradient changes the weights",
  },
  cooldown: {
    type: "number",
    min: 0,
    max: 1,
    help: "share of the run, at its end, over which the learning rate falls",
  },
  "level-mean": {
    type: "number",
    help:
      "mean of ln σ of the noise that pictures are shown with (P_mean of EDM); presets of that process",
  },
  "level-std": {
    type: "number",
    min: 0.01,
    help: "standard deviation of ln σ (P_std of EDM)",
  },
  loss: {
    type: "string",
    choices: ELEMENT_LOSSES,
    help: "error of a number of the network's answer",
  },
  "min-snr": {
    type: "number",
    min: 0.01,
    help:
      "weigh levels by min(SNR, N) on the clean picture's error (Hang et al. 2023: 5), instead of the preset's weights",
  },
  "offset-noise": {
    type: "number",
    min: 0,
    max: 1,
    help:
      "deviation of one more random number a channel in the noise, for samples of any mean colour",
  },
  "n-epochs": {
    type: "number",
    min: 0,
    replaces: ["images"],
    help: "passes over the data set, instead of --images",
  },
  seed: { type: "number", integer: true, min: 0, help: "seed of the run" },
  snapshots: {
    type: "number",
    integer: true,
    min: 0,
    help:
      "how often in the run to keep averages of the weights, for --ema of any length at export",
  },
  faults: {
    type: "string",
    help: `mistakes of the emoji notebook to make, with commas: ${
      Object.keys(FAULTS).join(", ")
    }`,
  },
  faithful: {
    type: "boolean",
    default: false,
    replaces: ["faults"],
    help: "make all mistakes of the emoji notebook",
  },
  "checkpoint-seconds": {
    type: "number",
    default: 120,
    min: 1,
    help: "seconds between checkpoints",
  },
  "sheet-seconds": {
    type: "number",
    default: 600,
    min: 1,
    help: "seconds between sample sheets",
  },
  "sheet-steps": {
    type: "number",
    integer: true,
    default: 50,
    min: 1,
    help:
      "most solver steps of a sheet's pictures; models that take more, such as the 500 of emoji-notebook, skip evenly",
  },
  tensorboard: {
    type: "boolean",
    default: false,
    help: "also write event files for TensorBoard into the run folder",
  },
  config: {
    type: "string",
    optionsFile: true,
    help: "JSON file of options, such as the options.json of another run",
  },
  "dry-run": {
    type: "boolean",
    help: "say what would be done and how long it would take, then stop",
  },
  bench: {
    type: "boolean",
    replaces: ["distill", "enlarge"],
    help:
      "measure a training step on every backend, or on that of --backend, then stop",
  },
} as const satisfies OptionTable;

/** Values of {@linkcode OPTIONS}. */
export type TrainOptions = OptionValues<typeof OPTIONS>;

/** How far the teacher is guided, away from nothing asked for and from its worse version. */
function distilledOptions(options: TrainOptions): DistilledOptions {
  const led = options.autoguide !== undefined;
  const scales = (guidance: number, autoguidance: number): TeacherScales => ({
    guidance,
    ...(led && { autoguidance }),
  });
  const usual = led ? GUIDANCE_BESIDE_AUTOGUIDANCE : GUIDANCE;
  return {
    ...scales(options.guidance ?? usual, options.autoguidance),
    ...(options.matching && {
      matching: {
        ...scales(
          options["matching-guidance"] ?? 1,
          options["matching-autoguidance"],
        ),
        ...(options.adversarial > 0 && { adversarial: options.adversarial }),
      },
    }),
  };
}

/** How noise levels are drawn. */
function levelsOf(
  { "level-mean": mean, "level-std": std, distill, matching }: TrainOptions,
  { preset, objective: { levels } }: RunConfig,
): LevelDistribution {
  if (mean === undefined && std === undefined) return levels;
  if (distill !== undefined && !matching) {
    throw new Error(
      "Cannot draw noise levels by --level-mean and --level-std as --distill without --matching takes those of its runs: leave them out",
    );
  }
  if (levels.type !== "log-normal") {
    throw new Error(
      `Cannot draw noise levels by --level-mean and --level-std as those of the preset must be log-normal: ${preset} has ${levels.type}`,
    );
  }
  return { ...levels, mean: mean ?? levels.mean, std: std ?? levels.std };
}

/** What is learned, at which levels, with which weights. */
function objectiveOf(options: TrainOptions, preset: RunConfig) {
  const { loss, "min-snr": gamma, "offset-noise": offsetNoise } = options;
  return {
    ...preset.objective,
    levels: levelsOf(options, preset),
    ...(loss !== undefined && { loss }),
    ...(gamma !== undefined &&
      { weight: { type: "min-snr" as const, gamma } }),
    ...(offsetNoise !== undefined && { offsetNoise }),
  };
}

/** Where pictures come from: a data set of a folder has the folder's name. */
function dataOf(
  { source, from }: TrainOptions,
  { data }: RunConfig,
): DataConfig {
  const isOwn = source === undefined || source === data.source;
  if (isOwn && (data.source !== "folder" || from === undefined)) return data;
  return {
    source: source ?? data.source,
    name: from ? nameOfFolder(from) : source ?? data.source,
    encoding: data.encoding,
  };
}

/** The preset with the command line's changes. */
export function configure(options: TrainOptions): RunConfig {
  const named = PRESETS[options.preset]!;
  const { upsample } = named;
  const { distill, enlarge, matching, adversarial } = options;
  const { type } = named.network;
  if (adversarial > 0 && type !== "unet") {
    throw new Error(
      `Cannot make pictures look real by --adversarial ${adversarial} as the preset's network must be a unet: ${options.preset} has ${type}`,
    );
  }
  if (upsample && distill !== undefined && !(enlarge && matching)) {
    throw new Error(
      `Cannot distil an upsampler as it takes one step: --distill ${distill} goes with --enlarge and --matching`,
    );
  }
  for (const name of ["guidance", "autoguide", "matching-guidance"] as const) {
    if (!upsample || options[name] === undefined) continue;
    throw new Error(
      `Cannot use --${name} ${
        options[name]
      } as what judges enlarged pictures is not guided: leave it out`,
    );
  }
  if (enlarge !== undefined && !upsample) {
    throw new Error(
      `Cannot enlarge the pictures of --enlarge ${enlarge} as --preset must be upsampler: current value is ${options.preset}`,
    );
  }
  const preset = upsample && enlarge !== undefined
    ? enlarging(
      named,
      upsample,
      matching ? { judge: emoji64.network, adversarial } : {},
    )
    : distill === undefined
    ? named
    : distilled(named, distilledOptions(options));
  const config = {
    ...preset,
    objective: objectiveOf(options, preset),
    data: dataOf(options, preset),
    size: options.size ?? preset.size,
    images: options.images ?? preset.images,
    batch: options["batch-size"] ?? preset.batch,
    ...(options.accumulation !== undefined && {
      accumulation: options.accumulation,
    }),
    learningRate: options.lr ?? preset.learningRate,
    cooldown: options.cooldown ?? preset.cooldown,
    seed: options.seed ?? preset.seed,
    optimizer: {
      ...preset.optimizer,
      ...(options.optimizer !== undefined && {
        type: options.optimizer,
      }),
    },
    ...(options.snapshots !== undefined && { snapshots: options.snapshots }),
  };
  const faults = options.faithful
    ? Object.keys(FAULTS)
    : options.faults === undefined
    ? []
    : parseTexts("faults", options.faults);
  return withFaults(config, faults);
}
