/**
 * Trains a denoising network: `deno task train --help`.
 *
 * @module
 */

import type { ConditionLayout } from "@emoji/diffusion/condition";
import {
  BACKENDS,
  chooseBackend,
  choosePrecision,
  defaultWorkers,
} from "./backend.ts";
import { batchSource } from "./batch.ts";
import { bench } from "./bench/bench.ts";
import { basename, join } from "node:path";
import { listCheckpoints } from "./checkpoint.ts";
import { conditionLayout } from "./condition_layout.ts";
import type { RunConfig } from "./config.ts";
import type { Dataset } from "./dataset.ts";
import { SOURCES } from "./data/sources/registry.ts";
import { distilled } from "./distillation/distillation.ts";
import { keepTeacher, TEACHER_FILE } from "./distillation/read_teacher.ts";
import { dryRun } from "./dry_run.ts";
import { openEngine } from "./engine/engine.ts";
import { initializeFrom, readGivenWeights } from "./init_weights.ts";
import {
  initialWeights,
  type NetworkSummary,
  summarizeNetwork,
} from "./network/parameters.ts";
import { OPTIMIZER_NAMES } from "./open_optimizer.ts";
import type { OptimizerConfig } from "./optimizer.ts";
import { type OptionTable, type OptionValues, runProgram } from "./options.ts";
import { parseTexts } from "./parse_list.ts";
import { FAULTS, withFaults } from "./presets/faults.ts";
import { PRESETS } from "./presets/mod.ts";
import { draftModel } from "./model_config.ts";
import { createProgress, type Progress } from "./progress.ts";
import { datasetFolder, openRunDataset } from "./run_dataset.ts";
import { openRunFolder } from "./run_folder.ts";
import { trainRun } from "./trainer.ts";

const OPTIONS = {
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
    max: 64,
    help: "threads, each with a slice of the batch (default one a core)",
  },
  images: { type: "number", min: 1, help: "pictures to see in all" },
  minutes: { type: "number", min: 0, help: "stop after so many minutes" },
  patience: {
    type: "number",
    integer: true,
    min: 1,
    help:
      "stop after so many sample sheets without a lower held-out loss; keeps best.ckpt",
  },
  init: {
    type: "string",
    help:
      "begin with the weights of this checkpoint, run folder or exported model",
  },
  distill: {
    type: "string",
    help:
      "learn to draw in few steps what this run, or one of its checkpoints, draws in many",
  },
  guidance: {
    type: "number",
    default: 2.5,
    min: 0,
    max: 100,
    help: "guidance of the teacher, which is folded in; with --distill",
  },
  "batch-size": {
    type: "number",
    integer: true,
    min: 1,
    help: "pictures a step",
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
  "n-epochs": {
    type: "number",
    min: 0,
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
    help:
      "measure a training step on every backend, or on that of --backend, then stop",
  },
} as const satisfies OptionTable;

/** The preset with the command line's changes. */
function configure(options: OptionValues<typeof OPTIONS>): RunConfig {
  const named = PRESETS[options.preset]!;
  const preset = options.distill === undefined
    ? named
    : distilled(named, options.guidance);
  const { source } = options;
  const config = {
    ...preset,
    ...(source !== undefined && source !== preset.data.source && {
      data: {
        source,
        name: options.from ? basename(options.from) : source,
        encoding: preset.data.encoding,
      },
    }),
    size: options.size ?? preset.size,
    images: options.images ?? preset.images,
    batch: options["batch-size"] ?? preset.batch,
    learningRate: options.lr ?? preset.learningRate,
    cooldown: options.cooldown ?? preset.cooldown,
    seed: options.seed ?? preset.seed,
    optimizer: {
      ...preset.optimizer,
      ...(options.optimizer !== undefined && {
        type: options.optimizer as OptimizerConfig["type"],
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

/** Conditions of the sample sheets: 64 held-out pictures spread over the data set, a fifth of them with no condition. */
function sheetConditions({ manifest, heldOut }: Dataset) {
  return Array.from({ length: 64 }, (_, i) => {
    if (i % 5 === 4) return {};
    const index = heldOut[Math.floor(i * heldOut.length / 64)]!;
    const { style, group, subgroup, words } = manifest.pictures[index]!;
    const vocabulary = manifest.vocabularies.words;
    return { style, group, subgroup, words: words.map((w) => vocabulary[w]!) };
  });
}

/** A signal that Ctrl-C or SIGTERM aborts. */
function stopSignal(progress: Progress): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(name, () => {
      if (controller.signal.aborted) Deno.exit(130);
      progress.log("stopping: finishing the steps under way and saving …");
      controller.abort();
    });
  }
  return controller.signal;
}

/** Overwrites first weights with those of another network; says what it did. */
async function fineTune(
  init: string,
  { parameters }: NetworkSummary,
  layout: ConditionLayout,
  weights: Float32Array,
): Promise<string> {
  const given = await readGivenWeights(init);
  const { taken, grown, fresh } = initializeFrom(
    given,
    parameters,
    layout,
    weights,
  );
  const list = (what: string, names: readonly string[]) =>
    names.length === 0 ? "" : `; ${what}: ${names.join(", ")}`;
  return `began with ${taken} weights of ${init}${list("grown", grown)}${
    list("new", fresh)
  }`;
}

/** Stores what was asked for, so that `--config` can ask for it again. */
async function writeOptions(
  path: string,
  { config: _, run: __, "dry-run": ___, ...options }: OptionValues<
    typeof OPTIONS
  >,
): Promise<void> {
  await Deno.writeTextFile(
    `${path}/options.json`,
    JSON.stringify(options, null, 2) + "\n",
  );
}

async function main(options: OptionValues<typeof OPTIONS>): Promise<void> {
  const progress = createProgress();
  const wanted = configure(options);
  const dataset = await openRunDataset(wanted, {
    root: options.data,
    from: options.from,
    onProgress: (done, total) =>
      progress.show(`drawing the data set: ${done} of ${total} pictures`),
  });
  if (options.bench) {
    const given = <T extends string>(value: string) =>
      value === "auto" ? undefined : value as T;
    return await bench({
      config: wanted,
      data: datasetFolder(options.data, wanted),
      backend: given(options.backend),
      precision: given(options.precision),
      workers: options.workers,
      print: progress.log,
    });
  }
  const backend = await chooseBackend(options.backend as "auto");
  const precision = choosePrecision(options.precision as "auto", backend);
  const epochs = options["n-epochs"];
  const config = epochs === undefined
    ? wanted
    : { ...wanted, images: Math.ceil(epochs * dataset.train.length) };
  const layout = conditionLayout(
    dataset.manifest.vocabularies,
    config.distillation,
  );
  const summary = summarizeNetwork(config.network, config.size, layout.size);
  const path = options.run ??
    `runs/${config.preset}${config.distillation ? "-distilled" : ""}`;
  const resumes = (await listCheckpoints(`${path}/checkpoints`)).length > 0;
  if (options.distill !== undefined && !resumes) {
    await keepTeacher(options.distill, path);
  }

  const engine = await openEngine({
    config,
    parameters: summary.size,
    data: datasetFolder(options.data, config),
    teacher: config.distillation && join(path, TEACHER_FILE),
    backend,
    precision,
    workers: options.workers ?? defaultWorkers(backend),
    threads: 1,
  });
  try {
    progress.log(`backend: ${engine.description}`);
    progress.log(
      `network: ${summary.size} parameters, ${
        (summary.macs / 1e6).toFixed(1)
      } MMAC a picture; ${dataset.train.length} training pictures; run folder ${path}`,
    );
    const weights = initialWeights(summary.parameters, config.seed);
    const init = options.init ?? options.distill;
    if (init !== undefined && !resumes) {
      const line = await fineTune(init, summary, layout, weights);
      progress.log(line);
    }
    engine.memory.weights.set(weights);
    for (const average of engine.memory.averages) average.set(weights);
    if (options["dry-run"]) return await dryRun(config, engine, progress);

    const { tensorboard } = options;
    const folder = await openRunFolder(path, config, { tensorboard });
    await writeOptions(path, options);
    await trainRun({
      config,
      folder,
      engine,
      model: draftModel(config.preset, config, layout, dataset.manifest),
      reported: {
        train: batchSource(dataset, layout, config, { augment: false }),
        heldOut: batchSource(dataset, layout, config, {
          split: "heldOut",
          augment: false,
        }),
      },
      conditions: sheetConditions(dataset),
      progress,
      checkpointSeconds: options["checkpoint-seconds"],
      sheetSeconds: options["sheet-seconds"],
      sheetSteps: options["sheet-steps"],
      patience: options.patience,
      budgetSeconds: options.minutes === undefined
        ? Infinity
        : 60 * options.minutes,
      signal: stopSignal(progress),
    });
  } finally {
    engine.close();
  }
}

await runProgram(
  "Trains a denoising network; stops and resumes at any moment.",
  OPTIONS,
  main,
);
Deno.exit(0);
