/**
 * Trains a denoising network: `deno task train --help`.
 *
 * @module
 */

import type { ConditionLayout } from "@emoji/diffusion/condition";
import { chooseBackend, choosePrecision, defaultWorkers } from "./backend.ts";
import { batchSource } from "./batch.ts";
import { bench } from "./bench/bench.ts";
import { join } from "node:path";
import { listCheckpoints, readCheckpoint } from "./checkpoint.ts";
import { conditionLayout } from "./condition_layout.ts";
import type { RunConfig } from "./config.ts";
import { configure } from "./configure.ts";
import type { Dataset } from "./dataset.ts";
import {
  findTeacher,
  keepTeacher,
  openTeacher,
  TEACHER_FILES,
  TEACHER_OPTIONS,
  type TeacherPaths,
} from "./distillation/read_teacher.ts";
import { dryRun } from "./dry_run.ts";
import { openEngine } from "./engine/engine.ts";
import { initializeFrom, readGivenWeights } from "./init_weights.ts";
import { summarizeCritic } from "./matching/critic.ts";
import {
  initialWeights,
  type NetworkSummary,
  summarizeNetwork,
} from "./network/parameters.ts";
import { runProgram } from "./options.ts";
import { draftModel } from "./model_config.ts";
import { createProgress, type Progress } from "./progress.ts";
import { datasetFolder, openRunDataset } from "./run_dataset.ts";
import { checkResumed } from "./resume.ts";
import { openRunFolder } from "./run_folder.ts";
import { OPTIONS, type TrainOptions } from "./train_options.ts";
import { trainRun } from "./trainer.ts";

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

/** What a run learns from: copies in its folder, which a resumed run has already; nothing is copied for a dry run. */
async function teachersOf(
  options: TrainOptions,
  folder: string,
  resumes: boolean,
  { size, step }: ConditionLayout,
  config: RunConfig,
): Promise<TeacherPaths> {
  const paths: TeacherPaths = {};
  for (const role of ["teacher", "weak", "sampled"] as const) {
    const from = options[TEACHER_OPTIONS[role]];
    if (from === undefined) continue;
    if (resumes) {
      paths[role] = join(folder, TEACHER_FILES[role]);
      continue;
    }
    const found = await findTeacher(from, role);
    openTeacher(found, from, role, step?.offset ?? size, config);
    paths[role] = options["dry-run"]
      ? from
      : await keepTeacher(found, folder, role);
  }
  return paths;
}

/** Overwrites first weights with those of another network; says what it did. */
async function fineTune(
  init: string,
  { upsample }: RunConfig,
  { parameters }: NetworkSummary,
  layout: ConditionLayout,
  weights: Float32Array,
): Promise<string> {
  const given = await readGivenWeights(init, upsample ? "upsampler" : "model");
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

async function main(options: TrainOptions): Promise<void> {
  const progress = createProgress();
  const wanted = configure(options);
  const dataset = await openRunDataset(wanted, {
    root: options.data,
    from: options.from,
    onProgress: (done, total) =>
      progress.show(`drawing the data set: ${done} of ${total} pictures`),
    onSkipped(skipped) {
      for (const { broken, reason } of skipped.slice(0, 5)) {
        progress.log(`skipped ${broken}: ${reason}`);
      }
      progress.log(`pictures skipped: ${skipped.length}`);
    },
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
  const backend = await chooseBackend(options.backend);
  const precision = choosePrecision(options.precision, backend);
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
  const newest = (await listCheckpoints(`${path}/checkpoints`)).at(-1);
  const resumes = newest !== undefined;
  if (resumes) {
    checkResumed(config, (await readCheckpoint(newest)).config, path);
  }

  const teacher = await teachersOf(options, path, resumes, layout, config);
  const critic = summarizeCritic(config, layout);
  const engine = await openEngine({
    config,
    parameters: summary.size,
    critic: critic?.size,
    data: datasetFolder(options.data, config),
    teacher,
    backend,
    precision,
    workers: options.workers ?? defaultWorkers(backend, config),
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
    const init = options.init ??
      (config.distillation ? options.distill : undefined);
    if (init !== undefined && !resumes) {
      const line = await fineTune(init, config, summary, layout, weights);
      progress.log(line);
    }
    engine.memory.weights.set(weights);
    for (const average of engine.memory.averages) average.set(weights);
    if (critic && teacher.teacher && !resumes) {
      const given = await readGivenWeights(teacher.teacher);
      const { memory } = engine;
      memory.critic.set(initialWeights(critic.parameters, config.seed));
      initializeFrom(given, critic.parameters, layout, memory.critic);
    }
    if (options["dry-run"]) return await dryRun(config, engine, progress);

    const { config: _, run: __, "dry-run": ___, ...asked } = options;
    const { tensorboard } = options;
    const folder = await openRunFolder(path, { tensorboard, asked });
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
