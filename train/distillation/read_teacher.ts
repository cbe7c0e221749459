import { join } from "node:path";
import {
  lastAverage,
  newestCheckpoint,
  readCheckpoint,
} from "../checkpoint.ts";
import type { NetworkConfig } from "../network/network.ts";
import type { Parameter } from "../network/graph.ts";
import { summarizeNetwork } from "../network/parameters.ts";

/** A teacher's network with its weights. */
export interface StoredTeacher {
  /** The network. */
  network: NetworkConfig;
  /** Its parameters, in the order of the weights. */
  parameters: Parameter[];
  /** Flat weights: the last average. */
  weights: Float32Array;
}

/** File of a run's folder with the teacher, so that a resumed run learns from the same. */
export const TEACHER_FILE = "teacher.ckpt";

/**
 * The newest checkpoint of a run, or the one named.
 *
 * @throws {Error} If there is none.
 */
export async function findTeacher(from: string): Promise<string> {
  const path = await newestCheckpoint(from);
  if (path === undefined) {
    throw new Error(
      `Cannot distil as --distill must name a checkpoint or the folder of a run: current value is ${from}`,
    );
  }
  return path;
}

/** Copies a teacher's checkpoint into the folder of the run that learns from it; returns the copy's path. */
export async function keepTeacher(
  path: string,
  folder: string,
): Promise<string> {
  const kept = join(folder, TEACHER_FILE);
  await Deno.mkdir(folder, { recursive: true });
  await Deno.copyFile(path, `${kept}.tmp`);
  await Deno.rename(`${kept}.tmp`, kept);
  return kept;
}

/**
 * Reads a teacher for a data set with `conditions` things that can be asked for.
 *
 * @throws {Error} If it was trained for another data set.
 */
export async function readTeacher(
  path: string,
  conditions: number,
): Promise<StoredTeacher> {
  const checkpoint = await readCheckpoint(path);
  const { config } = checkpoint;
  const weights = lastAverage(checkpoint);
  const { parameters, size } = summarizeNetwork(
    config.network,
    config.size,
    conditions,
  );
  if (weights.length !== size) {
    throw new Error(
      `Cannot learn from ${path} as it must have ${size} weights for this data set: current value is ${weights.length}`,
    );
  }
  return { network: config.network, parameters, weights };
}
