/**
 * A checkpoint is one file: a line of JSON (what the run is, how far it got, which vectors follow, their SHA-256), then
 * the vectors as little-endian float32. It is written under a temporary name and renamed, so that a file with the right
 * name is whole.
 *
 * @module
 */

import { createHash } from "node:crypto";
import type { RunConfig } from "./config.ts";
import { upgradeConfig } from "./stored_config.ts";

/** What a checkpoint says of itself. */
export interface CheckpointHeader {
  /** Format. */
  version: 1;
  /** The run's configuration. */
  config: RunConfig;
  /** Steps taken. */
  step: number;
  /** Pictures seen. */
  images: number;
  /** Seconds of training so far. */
  seconds: number;
}

/** A checkpoint in memory. */
export interface Checkpoint extends CheckpointHeader {
  /** Vectors by name: weights, averages of the weights, moments of the optimiser. */
  vectors: Record<string, Float32Array>;
}

interface StoredHeader extends CheckpointHeader {
  vectors: { name: string; length: number }[];
  sha256: string;
}

const EXTENSION = ".ckpt";

/** Writes `checkpoint` to `path`, which holds either the old or the new one at any moment. */
export async function writeCheckpoint(
  path: string,
  { vectors, ...header }: Checkpoint,
): Promise<void> {
  const parts = Object.values(vectors).map((vector) =>
    new Uint8Array(vector.slice().buffer)
  );
  const stored: StoredHeader = {
    ...header,
    vectors: Object.entries(vectors).map(([name, { length }]) => ({
      name,
      length,
    })),
    sha256: digest(parts),
  };
  const temporary = `${path}.tmp`;
  const file = await Deno.open(temporary, {
    write: true,
    create: true,
    truncate: true,
  });
  try {
    const line = new TextEncoder().encode(JSON.stringify(stored) + "\n");
    for (const bytes of [line, ...parts]) await writeAll(file, bytes);
    await file.sync();
  } catch (cause) {
    await Deno.remove(temporary).catch(() => {}); // what is missing is space
    throw new Error(`Cannot write checkpoint ${path}: ${messageOf(cause)}`, {
      cause,
    });
  } finally {
    file.close();
  }
  await Deno.rename(temporary, path);
}

/** Reads a checkpoint and checks that it is whole. */
export async function readCheckpoint(path: string): Promise<Checkpoint> {
  const bytes = await Deno.readFile(path);
  const end = bytes.indexOf(10);
  let stored: StoredHeader;
  try {
    stored = JSON.parse(new TextDecoder().decode(bytes.subarray(0, end)));
    if (stored.version !== 1) throw new Error("unknown version");
  } catch {
    throw new Error(
      `Cannot read checkpoint ${path} as its header is damaged: delete the file to resume from the one before it`,
    );
  }
  const { vectors: list, sha256, config, ...header } = stored;
  const body = bytes.subarray(end + 1);
  if (digest([body]) !== sha256) {
    throw new Error(
      `Cannot read checkpoint ${path} as it is damaged: delete the file to resume from the one before it`,
    );
  }
  const floats = new Float32Array(body.slice().buffer);
  const vectors: Record<string, Float32Array> = {};
  let at = 0;
  for (const { name, length } of list) {
    vectors[name] = floats.subarray(at, at += length);
  }
  return { ...header, config: upgradeConfig(config), vectors };
}

/** Path of the checkpoint after `step` steps. */
export function checkpointPath(dir: string, step: number): string {
  return `${dir}/${String(step).padStart(8, "0")}${EXTENSION}`;
}

/** Checkpoints of a folder, oldest first. */
export async function listCheckpoints(dir: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(dir)) {
      if (name.endsWith(EXTENSION)) names.push(name);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return names.sort().map((name) => `${dir}/${name}`);
}

/** The newest checkpoint of a run's folder, or the one that `path` names; undefined where there is none. */
export async function newestCheckpoint(
  path: string,
): Promise<string | undefined> {
  if (path.endsWith(EXTENSION)) return path;
  return (await listCheckpoints(`${path}/checkpoints`)).at(-1);
}

/** Name among a checkpoint's vectors of the average of a relative length, 0 for the weights themselves. */
export function averageName(length: number): string {
  return length === 0 ? "weights" : `ema_${length}`;
}

/** The last of a checkpoint's averages of the weights, by which it is judged; the weights where there is none. */
export function lastAverage(
  { config, vectors }: Pick<Checkpoint, "config" | "vectors">,
): Float32Array {
  return vectors[averageName(config.ema.at(-1) ?? 0)]!;
}

/** Deletes all but the newest `keep` checkpoints. */
export async function pruneCheckpoints(
  dir: string,
  keep: number,
): Promise<void> {
  const paths = await listCheckpoints(dir);
  for (const path of paths.slice(0, -keep)) await Deno.remove(path);
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    at += await file.write(bytes.subarray(at));
  }
}

function digest(parts: Uint8Array[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
