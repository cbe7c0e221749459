/**
 * A run's folder: `config.json`, `log.jsonl`, `checkpoints/`, `sheets/`, and `tensorboard/` where it is asked for.
 *
 * @module
 */

import type { OwnPicture } from "@emoji/diffusion/image";
import { encodePng } from "@emoji/diffusion/png";
import { listCheckpoints } from "./checkpoint.ts";
import type { RunConfig } from "./config.ts";
import { LEVEL_NAMES } from "./heldout.ts";
import { openEventFile } from "./tensorboard/event_file.ts";
import { writeAtomically } from "./write_atomically.ts";

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
  /** Keeps what the run is and what was asked for, once it goes on. */
  record(config: RunConfig): Promise<void>;
  /** Appends a line to the log. */
  log(entry: LogEntry): void;
  /** Writes the sample sheet of a step. */
  saveSheet(step: number, sheet: OwnPicture): void;
}

/** Options for {@linkcode openRunFolder}. */
export interface RunFolderOptions {
  /**
   * Whether TensorBoard is to find the curves and the sheets too.
   * @default {false}
   */
  tensorboard?: boolean;
  /**
   * What was asked for, so that `--config` can ask for it again.
   * @default {nothing is kept}
   */
  asked?: Readonly<Record<string, unknown>>;
}

/** Opens or makes a run's folder. */
export async function openRunFolder(
  path: string,
  options: RunFolderOptions = {},
): Promise<RunFolder> {
  const checkpoints = `${path}/checkpoints`;
  const sheets = `${path}/sheets`;
  await Deno.mkdir(checkpoints, { recursive: true });
  await Deno.mkdir(sheets, { recursive: true });
  const events = options.tensorboard
    ? openEventFile(`${path}/tensorboard`)
    : undefined;
  return {
    path,
    checkpoints,
    sheets,
    async record(config) {
      await writeJson(`${path}/config.json`, config);
      if (options.asked) await writeJson(`${path}/options.json`, options.asked);
    },
    newest: (await listCheckpoints(checkpoints)).at(-1),
    log(entry) {
      Deno.writeTextFileSync(
        `${path}/log.jsonl`,
        JSON.stringify(entry) + "\n",
        { append: true },
      );
      events?.scalars(entry.step, scalarsOf(entry));
    },
    saveSheet(step, sheet) {
      const png = encodePng(sheet);
      const name = `${String(step).padStart(8, "0")}.png`;
      Deno.writeFileSync(`${sheets}/${name}`, png);
      events?.image(step, "samples", png, sheet);
    },
  };
}

function writeJson(path: string, value: unknown): Promise<void> {
  return writeAtomically(path, JSON.stringify(value, null, 2) + "\n");
}

/** A line of the log as TensorBoard's tags, grouped by what stands before the slash. */
function scalarsOf(entry: LogEntry): Record<string, number | undefined> {
  const { loss, heldOut, train } = entry;
  const byLevel = LEVEL_NAMES.flatMap((name, i) => [
    [`held-out/${name}`, heldOut?.byLevel[i]],
    [`training/${name}`, train?.byLevel[i]],
  ]);
  return {
    "loss/batch": loss,
    "loss/held-out": heldOut?.mean,
    "loss/training": train?.mean,
    "run/gradient norm": entry.gradientNorm,
    "run/learning rate": entry.learningRate,
    "run/images a second": entry.speed,
    "run/memory": entry.rss,
    ...Object.fromEntries(byLevel),
  };
}
