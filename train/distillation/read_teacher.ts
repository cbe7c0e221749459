import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import {
  lastAverage,
  newestCheckpoint,
  readCheckpoint,
} from "../checkpoint.ts";
import type { RunConfig } from "../config.ts";
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
  /** Numbers that tell it how far a step goes, where it is distilled itself; 0 where not. */
  features: number;
}

/** Checkpoints that a run learns from. */
export interface TeacherPaths {
  /** The teacher's. */
  teacher: string;
  /**
   * That of a worse version of it, for autoguidance.
   * @default {none}
   */
  weak?: string | undefined;
}

/** Files of a run's folder with its teachers, so that a resumed run learns from the same. */
export const TEACHER_FILES = {
  teacher: "teacher.ckpt",
  weak: "weak-teacher.ckpt",
} as const;

/**
 * The newest checkpoint of a run, or the one named.
 *
 * @param option Option of the command line that names it.
 * @throws {Error} If there is none.
 */
export async function findTeacher(
  from: string,
  option: string,
): Promise<string> {
  const path = await newestCheckpoint(from);
  if (path === undefined) {
    throw new Error(
      `Cannot learn from a run as --${option} must name a checkpoint or the folder of a run: current value is ${from}`,
    );
  }
  return path;
}

/** Copies a teacher's checkpoint into the folder of the run that learns from it; returns the copy's path. */
export async function keepTeacher(
  path: string,
  folder: string,
  role: keyof typeof TEACHER_FILES,
): Promise<string> {
  const kept = join(folder, TEACHER_FILES[role]);
  await Deno.mkdir(folder, { recursive: true });
  await Deno.copyFile(path, `${kept}.tmp`);
  await Deno.rename(`${kept}.tmp`, kept);
  return kept;
}

/**
 * Reads a teacher of a run with `conditions` things that can be asked for, or the model whose pictures it enlarges.
 *
 * @throws {Error} If it was trained for another data set, with another process, or for pictures that do not fit.
 */
export async function readTeacher(
  path: string,
  conditions: number,
  { objective: { process }, size: large, upsample }: Pick<
    RunConfig,
    "objective" | "size" | "upsample"
  >,
): Promise<StoredTeacher> {
  const checkpoint = await readCheckpoint(path);
  const { config } = checkpoint;
  const own = config.objective.process;
  if (!isDeepStrictEqual(own, process)) {
    throw new Error(
      `Cannot learn from ${path} as its process must be ${
        JSON.stringify(process)
      }: current value is ${JSON.stringify(own)}`,
    );
  }
  const wanted = large / (upsample?.width ?? 1);
  if (config.size !== wanted) {
    throw new Error(
      `Cannot learn from ${path} as its pictures must be of ${wanted} pixels: current value is ${config.size}`,
    );
  }
  const features = config.distillation?.features ?? 0;
  if (features > 0 && !upsample) {
    throw new Error(
      `Cannot learn from ${path} as a teacher must not be distilled itself`,
    );
  }
  const weights = lastAverage(checkpoint);
  const { parameters, size } = summarizeNetwork(
    config.network,
    config.size,
    conditions + features,
  );
  if (weights.length !== size) {
    throw new Error(
      `Cannot learn from ${path} as it must have ${size} weights for this data set: current value is ${weights.length}`,
    );
  }
  return { network: config.network, parameters, weights, features };
}
