import { join } from "node:path";
import { spread } from "../pictures/denoising.ts";
import { renderPage } from "./page.ts";
import { readRunRecord, type SheetFile } from "./run_record.ts";
import { writeAtomically } from "../write_atomically.ts";

/** Sheets that a page holds at most; it holds their bytes. */
const MAX_SHEETS = 16;

/** A run whose log is older than this does not go on. */
const STALE_MS = 180_000;

/** Options for {@linkcode buildReport}. */
export interface ReportOptions {
  /**
   * Whether the run goes on.
   * @default {whether its log was written in the last three minutes}
   */
  running?: boolean;
}

/**
 * Makes the report of a run: one HTML page with all its pictures in it, which needs neither a server nor a network.
 *
 * @param folder The run's folder.
 */
export async function buildReport(
  folder: string,
  options: ReportOptions = {},
): Promise<string> {
  const record = await readRunRecord(folder);
  const [style, script, sheets] = await Promise.all([
    Deno.readTextFile(new URL("./page.css", import.meta.url)),
    Deno.readTextFile(new URL("./page.js", import.meta.url)),
    Promise.all(spread(record.sheets, MAX_SHEETS).map(embed)),
  ]);
  const { running = Date.now() - record.updated < STALE_MS } = options;
  return renderPage({ record, style, script, sheets, running });
}

/** Writes the report of a run to `report.html` in its folder, whole or not at all. */
export async function writeReport(
  folder: string,
  options: ReportOptions = {},
): Promise<void> {
  const path = join(folder, "report.html");
  await writeAtomically(path, await buildReport(folder, options));
}

async function embed({ step, path }: SheetFile) {
  const bytes = await Deno.readFile(path);
  return { step, source: `data:image/png;base64,${bytes.toBase64()}` };
}
