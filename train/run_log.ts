import type { LogEntry } from "./run_folder.ts";

/**
 * Parses a run's log. A line under way is left out; so are the steps that a killed run took after the checkpoint that
 * its successor went on from.
 */
export function parseLog(text: string): LogEntry[] {
  const entries: LogEntry[] = [];
  for (const line of text.split("\n")) {
    const entry = parseLine(line);
    if (entry === undefined) continue;
    while (entries.length > 0 && entries.at(-1)!.step > entry.step) {
      entries.pop();
    }
    entries.push(entry);
  }
  return entries;
}

function parseLine(line: string): LogEntry | undefined {
  try {
    const entry = JSON.parse(line);
    return Number.isFinite(entry?.step + entry?.images) ? entry : undefined;
  } catch {
    return undefined;
  }
}

/** Reads a run's log; there are no lines where there is no file. */
export async function readLog(path: string): Promise<LogEntry[]> {
  try {
    return parseLog(await Deno.readTextFile(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
