import { roundHalfEven } from "../_round.ts";
import { requireTimesteps } from "./_timesteps.ts";

/**
 * Splits the levels into equal sections and takes a number of evenly spaced ones from each: `space_timesteps` of
 * improved-diffusion, so that more steps can go where they matter.
 *
 * @param length Number of levels T.
 * @param counts How many to take from each section, cleanest first.
 * @returns Decreasing indices.
 * @throws {RangeError} If a section is smaller than its count.
 */
export function sectionTimesteps(
  length: number,
  counts: readonly number[],
): number[] {
  const size = Math.floor(length / counts.length);
  const longer = length % counts.length;
  const timesteps: number[] = [];
  let start = 0;
  for (const [i, count] of counts.entries()) {
    const section = size + (i < longer ? 1 : 0);
    if (!Number.isInteger(count) || count < 1 || count > section) {
      throw new RangeError(
        `Cannot space steps as 'counts[${i}]' must be an integer from 1 to the section's size ${section}: current value is ${count}`,
      );
    }
    const stride = count > 1 ? (section - 1) / (count - 1) : 1;
    let position = 0; // summed up and not multiplied, as upstream
    for (let k = 0; k < count; k++) {
      timesteps.push(start + roundHalfEven(position));
      position += stride;
    }
    start += section;
  }
  return requireTimesteps(timesteps.reverse(), length, timesteps.length);
}

/**
 * Multiples of the smallest whole stride that gives exactly n of them: "ddimN" of improved-diffusion.
 *
 * @param length Number of levels T.
 * @param steps Number of steps n.
 * @returns n decreasing indices.
 * @throws {RangeError} If no whole stride gives n steps.
 */
export function strideTimesteps(length: number, steps: number): number[] {
  for (let stride = 1; stride < length; stride++) {
    if (Math.ceil(length / stride) === steps) {
      return Array.from({ length: steps }, (_, i) => (steps - 1 - i) * stride);
    }
  }
  throw new RangeError(
    `Cannot space steps as 'steps' must come from a whole stride through ${length} levels: current value is ${steps}`,
  );
}
