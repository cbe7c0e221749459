/**
 * Scales of guidance that change with the noise.
 *
 * @module
 */

import { UsageError } from "../options.ts";

/**
 * One scale for all levels, or `[sigma, scale]` pairs, the noisiest first: each scale holds from its sigma (a noise to
 * signal ratio) on up to the pair before; the last pair's sigma is 0.
 */
export type ScaleByLevel = number | readonly (readonly [number, number])[];

/** Largest scale of guidance that may be asked for. */
const MOST = 100;

/** The scale at a level whose noise to signal ratio is `sigma`. */
export function scaleAt(scale: ScaleByLevel, sigma: number): number {
  if (typeof scale === "number") return scale;
  return scale.find(([from]) => sigma >= from)![1];
}

/**
 * Reads scales as "2.5" or "1:4,0.3:2.5,0:1.5".
 *
 * @param option Name of the option, for the message.
 * @throws {UsageError} If they are not scales of 1 to 100, or their levels do not fall to 0.
 */
export function parseScale(option: string, text: string): ScaleByLevel {
  const numberOf = (entry: string) => entry.trim() === "" ? NaN : Number(entry);
  const isScale = (scale: number) => scale >= 1 && scale <= MOST;
  const one = numberOf(text);
  if (isScale(one)) return one;
  const pairs = text.split(",").map((entry) => entry.split(":").map(numberOf));
  const isTable =
    pairs.every(([from, scale, ...more], k) =>
      isScale(scale!) && more.length === 0 &&
      (k === 0 || from! < pairs[k - 1]![0]!)
    ) && pairs.at(-1)![0] === 0;
  if (isTable) return pairs as [number, number][];
  throw new UsageError(
    `Cannot use --${option} as it must be a scale of 1 to ${MOST}, or scales from a sigma on, the noisiest first and the last from 0 on, such as 1:4,0.3:2.5,0:1.5: current value is ${text}`,
  );
}

/** What {@linkcode parseScale} reads, as text. */
export function formatScale(scale: ScaleByLevel): string {
  return typeof scale === "number"
    ? String(scale)
    : scale.map((pair) => pair.join(":")).join(",");
}
