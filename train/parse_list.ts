import { UsageError } from "./options.ts";

/**
 * Reads a list of numbers as "4,50".
 *
 * @param option Name of the option, for the message.
 * @throws {UsageError} If an entry is not a number of at least 0.
 */
export function parseNumbers(option: string, list: string): number[] {
  return parseTexts(option, list).map((entry) => {
    const value = Number(entry);
    if (value >= 0 && value < Infinity) return value;
    throw new UsageError(
      `Cannot use --${option} as it must be numbers of at least 0 between commas: current value is ${list}`,
    );
  });
}

/**
 * Reads a list of texts as "ddim,heun".
 *
 * @throws {UsageError} If an entry is empty.
 */
export function parseTexts(option: string, list: string): string[] {
  const entries = list.split(",").map((entry) => entry.trim());
  if (entries.every((entry) => entry !== "")) return entries;
  throw new UsageError(
    `Cannot use --${option} as it must be entries between commas: current value is ${list}`,
  );
}
