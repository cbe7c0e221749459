import type { Seed } from "@emoji/diffusion/random";
import { UsageError } from "./options.ts";

/** Seeds that a range may hold. */
const MAX_SEEDS = 100_000;

/**
 * Reads a list of seeds as "0-63,100,cat": ranges, integers and texts. A text draws what it draws in the API.
 *
 * @throws {UsageError} If an entry is empty, a range runs backwards, or there are too many seeds.
 */
export function parseSeeds(list: string): Seed[] {
  const seeds = list.split(",").flatMap((entry) => {
    const range = /^(\d+)-(\d+)$/.exec(entry);
    if (range === null) return [parseSeed(entry)];
    const from = integer(range[1]!);
    const count = integer(range[2]!) - from + 1;
    if (count < 1 || count > MAX_SEEDS) {
      throw new UsageError(
        `Cannot use --seeds as a range must rise and hold at most ${MAX_SEEDS} seeds: current value is ${entry}`,
      );
    }
    return Array.from({ length: count }, (_, i) => from + i);
  });
  if (seeds.length > MAX_SEEDS) {
    throw new UsageError(
      `Cannot use --seeds as there must be at most ${MAX_SEEDS}: current value is ${seeds.length}`,
    );
  }
  return seeds;
}

function parseSeed(entry: string): Seed {
  if (entry === "") {
    throw new UsageError(
      "Cannot use --seeds as it must be integers, ranges and texts, such as 0-63,100,cat: current value has an empty entry",
    );
  }
  return /^\d+$/.test(entry) ? integer(entry) : entry;
}

function integer(digits: string): number {
  const value = Number(digits);
  if (Number.isSafeInteger(value)) return value;
  throw new UsageError(
    `Cannot use --seeds as an integer must be at most ${Number.MAX_SAFE_INTEGER}: current value is ${digits}`,
  );
}
