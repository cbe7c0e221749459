/**
 * The training loop: steps, log, checkpoints, sample sheets.
 *
 * @module
 */

import type { Condition } from "@emoji/diffusion/condition";
import type { BatchSource } from "./batch.ts";
import {
  type Checkpoint,
  checkpointPath,
  pruneCheckpoints,
  readCheckpoint,
  writeCheckpoint,
} from "./checkpoint.ts";
import { learningRate, type RunConfig } from "./config.ts";
import type { Engine } from "./engine/engine.ts";
import { checkpointVectors } from "./engine/memory.ts";
import { isPastBest, lowestIndex } from "./early_stopping.ts";
import { levelLosses } from "./heldout.ts";
import { formatSeconds, type Progress } from "./progress.ts";
import { writeReport } from "./report/write_report.ts";
import type { RunFolder } from "./run_folder.ts";
import { readLog } from "./run_log.ts";
import { type ModelDraft, previewConfig } from "./model_config.ts";
import { channelsFirst, drawSheet } from "./sheet.ts";
import { nextSnapshot, writeSnapshot } from "./snapshots.ts";
import { drawUpsamplingSheet } from "./upsampling/sheet.ts";

/** Aimed time between two looks at the clock and at the signal. */
const CHUNK_SECONDS = 1;
const LOG_SECONDS = 30;
const KEPT_CHECKPOINTS = 3;
const HELD_OUT_STEPS = 4;
const SHEET_STEPS = 50;
/** Examples on the sheet of an upsampler. */
const UPSAMPLED = 32;

/** What {@linkcode trainRun} works with. */
export interface TrainRunOptions {
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
  /** Where to show progress. */
  progress: Progress;
  /** Seconds between two checkpoints. */
  checkpointSeconds: number;
  /** Seconds between two sample sheets. */
  sheetSeconds: number;
  /**
   * Most solver steps of a sheet's pictures; models that take more skip evenly.
   * @default {50}
   */
  sheetSteps?: number | undefined;
  /**
   * Ends the run after so many evaluations of the held-out loss without a new lowest one.
   * @default {never}
   */
  patience?: number | undefined;
  /** Ends the run early, after this many seconds. */
  budgetSeconds: number;
  /** Stops the run after the steps under way, with a checkpoint. */
  signal: AbortSignal;
}

/** Loads the newest checkpoint into the engine; returns the steps and seconds already done. */
export async function resumeRun(
  { config, folder, engine }: TrainRunOptions,
): Promise<{ step: number; seconds: number }> {
  if (folder.newest === undefined) return { step: 0, seconds: 0 };
  const { step, seconds, vectors } = await readCheckpoint(folder.newest);
  const targets = checkpointVectors(engine.memory, config);
  for (const [name, target] of Object.entries(targets)) {
    const vector = vectors[name];
    if (vector?.length !== target.length) {
      throw new Error(
        `Cannot resume from ${folder.newest} as its ${name} must have ${target.length} values: current value is ${
          vector?.length ?? "none"
        }`,
      );
    }
    target.set(vector);
  }
  return { step, seconds };
}

/**
 * Trains until the configured number of pictures is seen, time is up, patience is at its end, or the signal says stop.
 */
export async function trainRun(options: TrainRunOptions): Promise<void> {
  try {
    await trainSteps(options);
  } finally {
    // Whatever ended the run is what to tell, not that its page could not be written.
    await writeReport(options.folder.path, { running: false }).catch(() => {});
  }
}

/** Held-out losses of a run up to `step`. */
async function heldOutLosses(
  folder: RunFolder,
  step: number,
): Promise<number[]> {
  const entries = await readLog(`${folder.path}/log.jsonl`);
  return entries.flatMap((entry) =>
    entry.heldOut && entry.step <= step ? [entry.heldOut.mean] : []
  );
}

async function trainSteps(options: TrainRunOptions): Promise<void> {
  const { config, folder, engine, progress, signal } = options;
  const { sheetSteps = SHEET_STEPS, model: { sampling } } = options;
  if (sampling.steps > sheetSteps) {
    progress.log(
      `sample sheets take ${sheetSteps} of the model's ${sampling.steps} steps; --sheet-steps changes that`,
    );
  }
  const start = await resumeRun(options);
  const lastStep = Math.ceil(config.images / config.batch);
  const begun = performance.now();
  const secondsNow = () => (performance.now() - begun) / 1000;
  const totalSeconds = () => start.seconds + secondsNow();
  let { step } = start;
  let chunk = 1;
  let logged = { at: secondsNow(), step };
  let saved = secondsNow();
  let drawn = secondsNow();
  let losses: number[] = [];
  let norms: number[] = [];
  let tensors = 0;
  const { patience = Infinity } = options;
  const heldOut = await heldOutLosses(folder, step);
  let assessed = -1;

  const checkpoint = (): Checkpoint => ({
    version: 1,
    config,
    step,
    images: step * config.batch,
    seconds: totalSeconds(),
    vectors: checkpointVectors(engine.memory, config),
  });

  async function save(path = checkpointPath(folder.checkpoints, step)) {
    await writeCheckpoint(path, checkpoint());
  }

  async function saveNewest() {
    await save();
    await pruneCheckpoints(folder.checkpoints, KEPT_CHECKPOINTS);
    saved = secondsNow();
  }

  /** Draws and evaluates; with patience the best weights so far are kept. */
  async function assess() {
    if (assessed === step) return;
    assessed = step;
    heldOut.push(await report(options, step, totalSeconds()));
    if (patience < Infinity && lowestIndex(heldOut) === heldOut.length - 1) {
      await save(`${folder.path}/best.ckpt`);
    }
    await writeReport(folder.path, { running: true });
    drawn = secondsNow();
  }

  async function log() {
    const elapsed = secondsNow() - logged.at;
    folder.log({
      step,
      images: step * config.batch,
      seconds: totalSeconds(),
      loss: mean(losses),
      gradientNorm: mean(norms),
      learningRate: learningRate(config, step * config.batch),
      speed: (step - logged.step) * config.batch / elapsed,
      rss: Deno.memoryUsage().rss,
      tensors,
    });
    await writeReport(folder.path, { running: true });
    logged = { at: secondsNow(), step };
    losses = [];
    norms = [];
  }

  while (
    step < lastStep && !signal.aborted &&
    secondsNow() < options.budgetSeconds && !isPastBest(heldOut, patience)
  ) {
    const due = nextSnapshot(config, step);
    const to = Math.min(lastStep, due, step + chunk);
    const before = secondsNow();
    const result = await engine.train(step, to);
    const pace = CHUNK_SECONDS / (secondsNow() - before);
    chunk = Math.max(1, Math.min(4 * chunk, Math.round(chunk * pace)));
    losses.push(...result.losses);
    norms.push(...result.norms);
    tensors = result.tensors;
    const bad = result.losses.findIndex((loss, i) =>
      !Number.isFinite(loss + result.norms[i]!)
    );
    if (bad >= 0) {
      throw new Error(
        `Cannot go on as the loss of step ${step + bad} is ${
          result.losses[bad]
        } and its gradient ${
          result.norms[bad]
        }: lower --lr; the last checkpoint in ${folder.checkpoints} is sound`,
      );
    }
    step = to;
    if (step === due) await writeSnapshot(folder.path, checkpoint());
    progress.show(
      progressLine(
        options,
        step,
        losses,
        secondsNow() - logged.at,
        step - logged.step,
      ),
    );
    if (secondsNow() - logged.at > LOG_SECONDS) await log();
    if (secondsNow() - saved > options.checkpointSeconds) await saveNewest();
    if (secondsNow() - drawn > options.sheetSeconds) await assess();
  }
  if (losses.length > 0) await log();
  if (step > start.step) {
    await saveNewest();
    await assess();
  }
  const images = `${step * config.batch} images`;
  if (step >= lastStep) progress.log(`done: ${images}`);
  else if (isPastBest(heldOut, patience)) {
    progress.log(
      `stopped early after ${images}: the lowest held-out loss, ${
        Math.min(...heldOut).toFixed(4)
      }, is that of ${folder.path}/best.ckpt`,
    );
  } else progress.log(`stopped after ${images}; the same command goes on`);
}

/**
 * Writes a sample sheet and the losses on fixed examples, both under the last average of the weights, or the weights
 * where there is none; returns the loss on held-out ones.
 */
async function report(
  options: TrainRunOptions,
  step: number,
  seconds: number,
): Promise<number> {
  const {
    config,
    engine,
    folder,
    conditions,
    reported,
    sheetSteps = SHEET_STEPS,
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

function progressLine(
  { config }: TrainRunOptions,
  step: number,
  losses: number[],
  seconds: number,
  steps: number,
): string {
  const images = step * config.batch;
  const speed = steps * config.batch / seconds;
  const left = formatSeconds((config.images - images) / speed);
  const share = (100 * images / config.images).toFixed(1);
  return `${share} %  ${images} images  ${speed.toFixed(0)} images/s  loss ${
    mean(losses).toFixed(4)
  }  lr ${learningRate(config, images).toExponential(1)}  ${left} left`;
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
