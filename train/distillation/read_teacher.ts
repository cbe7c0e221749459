import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import {
  type Checkpoint,
  lastAverage,
  writeCheckpoint,
} from "../checkpoint.ts";
import type { RunConfig } from "../config.ts";
import { findCheckpoint } from "../model_checkpoint.ts";
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

/** Checkpoints that a run learns from, where it does. */
export interface TeacherPaths {
  /** The teacher's. */
  teacher?: string;
  /** That of a worse version of it, for autoguidance. */
  weak?: string;
  /** That of the model whose pictures are to be enlarged. */
  sampled?: string;
}

/** Files of a run's folder with its teachers, so that a resumed run learns from the same. */
export const TEACHER_FILES = {
  teacher: "teacher.ckpt",
  weak: "weak-teacher.ckpt",
  sampled: "sampled.ckpt",
} as const satisfies Record<keyof TeacherPaths, string>;

/** Options of the command line that name them. */
export const TEACHER_OPTIONS = {
  teacher: "distill",
  weak: "autoguide",
  sampled: "enlarge",
} as const satisfies Record<keyof TeacherPaths, string>;

/**
 * Reads what a run is to learn from: the newest checkpoint of another run, the checkpoint named, or an exported model.
 *
 * @throws {Error} If it is none of these.
 */
export async function findTeacher(
  from: string,
  role: keyof TeacherPaths,
): Promise<Checkpoint> {
  const found = await findCheckpoint(from);
  if (found !== undefined) return found;
  throw new Error(
    `Cannot learn from a run as --${
      TEACHER_OPTIONS[role]
    } must name a checkpoint, the folder of a run or that of an exported model: current value is ${from}`,
  );
}

/** Keeps what a run learns from in its folder; returns the file's path. */
export async function keepTeacher(
  checkpoint: Checkpoint,
  folder: string,
  role: keyof TeacherPaths,
): Promise<string> {
  const kept = join(folder, TEACHER_FILES[role]);
  await Deno.mkdir(folder, { recursive: true });
  await writeCheckpoint(kept, checkpoint);
  return kept;
}

/**
 * The network that a run with `conditions` things that can be asked for learns from.
 *
 * @param from Where the checkpoint came from, for people.
 * @throws {Error} If it was trained for another data set, with another process, or for pictures that do not fit.
 */
export function openTeacher(
  checkpoint: Checkpoint,
  from: string,
  role: keyof TeacherPaths,
  conditions: number,
  { objective: { process }, size: large, upsample }: Pick<
    RunConfig,
    "objective" | "size" | "upsample"
  >,
): StoredTeacher {
  const { config } = checkpoint;
  const own = config.objective.process;
  if (!isDeepStrictEqual(own, process)) {
    throw new Error(
      `Cannot learn from ${from} as its process must be ${
        JSON.stringify(process)
      }: current value is ${JSON.stringify(own)}`,
    );
  }
  const isSampled = role === "sampled";
  const wanted = isSampled ? large / (upsample?.width ?? 1) : large;
  if (config.size !== wanted) {
    throw new Error(
      `Cannot learn from ${from} as its pictures must be of ${wanted} pixels: current value is ${config.size}`,
    );
  }
  const features = config.distillation?.features ?? 0;
  if (features > 0 && !isSampled) {
    throw new Error(
      `Cannot learn from ${from} as a teacher must not be distilled itself`,
    );
  }
  const told = upsample?.matching?.features ?? features;
  if (isSampled && features !== told) {
    throw new Error(
      `Cannot enlarge what ${from} draws in few steps as it must be distilled and told ${told} numbers of a step: current value is ${features}`,
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
      `Cannot learn from ${from} as it must have ${size} weights for this data set: current value is ${weights.length}`,
    );
  }
  return { network: config.network, parameters, weights, features };
}
