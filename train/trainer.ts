/**
 * The training loop: steps, log, checkpoints, sample sheets.
 *
 * @module
 */

import { type AssessOptions, assessWeights } from "./assess_weights.ts";
import {
  checkpointPath,
  listCheckpoints,
  pruneCheckpoints,
  readCheckpoint,
  writeCheckpoint,
} from "./checkpoint.ts";
import { isPastBest, lowestIndex } from "./early_stopping.ts";
import type { TrainedSteps } from "./engine/engine.ts";
import { checkpointVectors } from "./engine/memory.ts";
import type { Progress } from "./progress.ts";
import { recentSteps } from "./recent_steps.ts";
import { writeReport } from "./report/write_report.ts";
import type { RunFolder } from "./run_folder.ts";
import { readLog } from "./run_log.ts";
import { nextSnapshot, writeSnapshot } from "./snapshots.ts";
import { stopwatch } from "./stopwatch.ts";

/** Aimed time between two looks at the clock and at the signal. */
const CHUNK_SECONDS = 1;
const LOG_SECONDS = 30;
const KEPT_CHECKPOINTS = 3;

/** What {@linkcode trainRun} works with. */
export interface TrainRunOptions extends AssessOptions {
  /** Where to show progress. */
  progress: Progress;
  /** Seconds between two checkpoints. */
  checkpointSeconds: number;
  /** Seconds between two sample sheets. */
  sheetSeconds: number;
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

async function trainSteps(options: TrainRunOptions): Promise<void> {
  const { config, folder, engine, progress, signal } = options;
  const { patience = Infinity } = options;
  tellSheetSteps(options);
  const start = await resumeRun(options);
  await folder.record(config);
  const lastStep = Math.ceil(config.images / config.batch);
  const heldOut = await heldOutLosses(folder, start.step);
  const clock = stopwatch();
  let { step } = start;
  let chunk = 1;
  let assessedAt = -1;
  let recent = recentSteps(config, step);
  let saved = stopwatch();
  let assessed = stopwatch();

  const seconds = () => start.seconds + clock();
  const checkpoint = () => ({
    version: 1 as const,
    config,
    step,
    images: step * config.batch,
    seconds: seconds(),
    vectors: checkpointVectors(engine.memory, config),
  });

  async function log() {
    folder.log({ ...recent.entry(), seconds: seconds() });
    await report();
    recent = recentSteps(config, step);
  }

  /** Writes the run's page; one that cannot be written is no reason to stop. */
  async function report() {
    await writeReport(folder.path, { running: true }).catch(({ message }) =>
      progress.log(`the report is old: ${message}`)
    );
  }

  async function save() {
    await writeCheckpoint(
      checkpointPath(folder.checkpoints, step),
      checkpoint(),
    );
    await pruneCheckpoints(folder.checkpoints, KEPT_CHECKPOINTS);
    saved = stopwatch();
  }

  /** Draws and evaluates; the best weights so far are kept. */
  async function assess() {
    if (assessedAt === step) return;
    assessedAt = step;
    heldOut.push(await assessWeights(options, step, seconds()));
    if (lowestIndex(heldOut) === heldOut.length - 1) {
      await writeCheckpoint(bestPath(folder), checkpoint());
    }
    await report();
    assessed = stopwatch();
  }

  while (
    step < lastStep && !signal.aborted && clock() < options.budgetSeconds &&
    !isPastBest(heldOut, patience)
  ) {
    const due = nextSnapshot(config, step);
    const to = Math.min(lastStep, due, step + chunk);
    const took = stopwatch();
    const result = await engine.train(step, to);
    chunk = nextChunk(chunk, took());
    await checkFinite(result, step, folder);
    recent.add(result, to);
    step = to;
    if (step === due) await writeSnapshot(folder.path, checkpoint());
    progress.show(recent.line());
    // What was learned is safe before anything is told of it.
    const assesses = assessed() > options.sheetSeconds;
    if (assesses || saved() > options.checkpointSeconds) await save();
    if (recent.seconds() > LOG_SECONDS) await log();
    if (assesses) await assess();
  }
  if (step > start.step) await save();
  if (recent.count() > 0) await log();
  if (step > start.step) await assess();
  const images = `${step * config.batch} images`;
  if (step >= lastStep) progress.log(`done: ${images}`);
  else if (isPastBest(heldOut, patience)) {
    progress.log(
      `stopped early after ${images}: the lowest held-out loss, ${
        Math.min(...heldOut).toFixed(4)
      }, is that of ${bestPath(folder)}`,
    );
  } else progress.log(`stopped after ${images}; the same command goes on`);
}

function tellSheetSteps(
  { model: { sampling }, sheetSteps, progress }: TrainRunOptions,
): void {
  if (sampling.steps > sheetSteps) {
    progress.log(
      `sample sheets take ${sheetSteps} of the model's ${sampling.steps} steps; --sheet-steps changes that`,
    );
  }
}

/** Held-out losses of a run up to `step`; none where its best weights were not kept. */
async function heldOutLosses(
  folder: RunFolder,
  step: number,
): Promise<number[]> {
  if (!await exists(bestPath(folder))) return [];
  const entries = await readLog(`${folder.path}/log.jsonl`);
  return entries.flatMap((entry) =>
    entry.heldOut && entry.step <= step ? [entry.heldOut.mean] : []
  );
}

/** Weights of the lowest held-out loss. */
function bestPath(folder: RunFolder): string {
  return `${folder.path}/best.ckpt`;
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

/** Steps to take next, after `chunk` of them took so many seconds. */
function nextChunk(chunk: number, seconds: number): number {
  const aimed = Math.round(chunk * CHUNK_SECONDS / seconds);
  return Math.max(1, Math.min(4 * chunk, aimed));
}

async function checkFinite(
  { losses, norms }: TrainedSteps,
  step: number,
  folder: RunFolder,
): Promise<void> {
  const bad = losses.findIndex((loss, i) => !Number.isFinite(loss + norms[i]!));
  if (bad < 0) return;
  const checkpoints = await listCheckpoints(folder.checkpoints);
  throw new Error(
    `Cannot go on as the loss of step ${step + bad} is ${
      losses[bad]
    } and its gradient ${norms[bad]}: lower --lr; ${
      checkpoints.length === 0
        ? "there is no checkpoint yet"
        : `${checkpoints.at(-1)} is sound`
    }`,
  );
}
