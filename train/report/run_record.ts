import { basename, join } from "node:path";
import type { LogEntry } from "../run_folder.ts";
import { readLog } from "../run_log.ts";

/** A sample sheet of a run. */
export interface SheetFile {
  /** Steps taken when it was drawn. */
  readonly step: number;
  /** Path of the PNG. */
  readonly path: string;
}

/** What a run has written into its folder so far. */
export interface RunRecord {
  /** Name of the folder. */
  readonly name: string;
  /** Its configuration, as text for people and for the few numbers a report needs. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Lines of the log, rising in steps. */
  readonly entries: readonly LogEntry[];
  /** Sample sheets, oldest first. */
  readonly sheets: readonly SheetFile[];
  /** When the log was last written, in milliseconds since 1970; 0 where there is none. */
  readonly updated: number;
}

/**
 * Reads a run's folder, also while the run writes to it.
 *
 * @throws {Error} If the folder holds no `config.json`.
 */
export async function readRunRecord(folder: string): Promise<RunRecord> {
  const log = join(folder, "log.jsonl");
  return {
    name: basename(await Deno.realPath(folder).catch(() => folder)),
    config: await readConfig(join(folder, "config.json")),
    entries: await readLog(log),
    sheets: await listSheets(join(folder, "sheets")),
    updated: (await Deno.stat(log).catch(() => null))?.mtime?.getTime() ?? 0,
  };
}

async function readConfig(path: string): Promise<Record<string, unknown>> {
  try {
    return JSON.parse(await Deno.readTextFile(path));
  } catch (cause) {
    throw new Error(
      `Cannot read the run's ${path}: ${(cause as Error).message}`,
      { cause },
    );
  }
}

async function listSheets(folder: string): Promise<SheetFile[]> {
  const sheets: SheetFile[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) {
      const step = /^(\d+)\.png$/.exec(name)?.[1];
      if (step !== undefined) {
        sheets.push({ step: Number(step), path: join(folder, name) });
      }
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return sheets.sort((a, b) => a.step - b.step);
}
