/**
 * Averages of the weights that a run keeps from time to time, for averages of other lengths afterwards.
 *
 * @module
 */

import { basename, dirname, join } from "node:path";
import {
  type Checkpoint,
  checkpointPath,
  listCheckpoints,
  readCheckpoint,
  writeCheckpoint,
} from "./checkpoint.ts";
import type { RunConfig } from "./config.ts";
import { isFixedRate } from "./ema.ts";
import { reconstructAverage, type Snapshot } from "./posthoc_ema.ts";

const NAME = /^ema_(.+)$/;

/** The first step after `step` at which a snapshot is due; Infinity where none is. */
export function nextSnapshot(
  { snapshots = 0, images, batch }: Pick<
    RunConfig,
    "snapshots" | "images" | "batch"
  >,
  step: number,
): number {
  if (snapshots === 0) return Infinity;
  const last = Math.ceil(images / batch);
  const done = Math.floor(step * snapshots / last + 1e-9);
  return done >= snapshots
    ? Infinity
    : Math.ceil((done + 1) * last / snapshots);
}

/** Stores the averages of a checkpoint in a run's folder. */
export async function writeSnapshot(
  run: string,
  { vectors, ...header }: Checkpoint,
): Promise<void> {
  const folder = join(run, "snapshots");
  await Deno.mkdir(folder, { recursive: true });
  const averages = Object.entries(vectors).filter(([name]) => {
    const [, length] = NAME.exec(name) ?? [];
    return length !== undefined && !isFixedRate(Number(length));
  });
  await writeCheckpoint(checkpointPath(folder, header.step), {
    ...header,
    vectors: Object.fromEntries(averages),
  });
}

/**
 * The average of a relative length at `step`, from the snapshots of a run; undefined where there are none.
 *
 * @param run Folder of the run, or one of its checkpoints.
 */
export async function averageOfRun(
  run: string,
  step: number,
  sigmaRel: number,
): Promise<Float32Array | undefined> {
  const snapshots: Snapshot[] = [];
  for (const path of await listCheckpoints(join(folderOf(run), "snapshots"))) {
    const { step, vectors } = await readCheckpoint(path);
    for (const [name, weights] of Object.entries(vectors)) {
      snapshots.push({
        step,
        sigmaRel: Number(NAME.exec(name)![1]),
        weights,
      });
    }
  }
  return snapshots.some((snapshot) => snapshot.step <= step)
    ? reconstructAverage(snapshots, step, sigmaRel)
    : undefined;
}

/** Folder of the run that a checkpoint is of: beside best.ckpt, or above the folder of checkpoints. */
function folderOf(run: string): string {
  if (!run.endsWith(".ckpt")) return run;
  const folder = dirname(run);
  return basename(folder) === "checkpoints" ? dirname(folder) : folder;
}
