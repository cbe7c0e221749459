/**
 * A run's folder: `config.json`, `log.jsonl`, `checkpoints/`, `sheets/`.
 *
 * @module
 */

import { listCheckpoints } from "./checkpoint.ts";
import type { RunConfig } from "./config.ts";

/** One line of the log. */
export interface LogEntry {
  /** Steps taken. */
  step: number;
  /** Pictures seen. */
  images: number;
  /** Seconds of training, over all sessions. */
  seconds: number;
  /** Mean training loss since the last line. */
  loss?: number;
  /** Mean norm of the gradient since the last line. */
  gradientNorm?: number;
  /** Learning rate. */
  learningRate?: number;
  /** Pictures a second since the last line. */
  speed?: number;
  /** Resident memory of the process, in bytes. */
  rss?: number;
  /** Tensors alive in a worker between two steps. */
  tensors?: number;
  /** Mean loss on held-out concepts, by level of noise, under the averaged weights. */
  heldOut?: { mean: number; byLevel: number[] };
  /** The same on training pictures. */
  train?: { mean: number; byLevel: number[] };
}

/** Paths and files of a run. */
export interface RunFolder {
  /** Its path. */
  path: string;
  /** Folder of checkpoints. */
  checkpoints: string;
  /** Folder of sample sheets. */
  sheets: string;
  /** Newest checkpoint, where there is one. */
  newest: string | undefined;
  /** Appends a line to the log. */
  log(entry: LogEntry): void;
}

/** Opens or makes a run's folder and stores the configuration. */
export async function openRunFolder(
  path: string,
  config: RunConfig,
): Promise<RunFolder> {
  const checkpoints = `${path}/checkpoints`;
  const sheets = `${path}/sheets`;
  await Deno.mkdir(checkpoints, { recursive: true });
  await Deno.mkdir(sheets, { recursive: true });
  await Deno.writeTextFile(
    `${path}/config.json`,
    JSON.stringify(config, null, 2) + "\n",
  );
  return {
    path,
    checkpoints,
    sheets,
    newest: (await listCheckpoints(checkpoints)).at(-1),
    log: (entry) =>
      Deno.writeTextFileSync(
        `${path}/log.jsonl`,
        JSON.stringify(entry) + "\n",
        { append: true },
      ),
  };
}
