import { flowLevel, type Level } from "../level.ts";
import { linspace } from "../schedules/linspace.ts";
import { requireSteps } from "./_steps.ts";

/** Options of {@linkcode flowLevels}. */
export interface FlowOptions {
  /**
   * How far times are moved towards noise: t becomes shift·t / (1 + (shift − 1)·t). 3 for Stable Diffusion 3 at 1024
   * pixels.
   *
   * @default {1}
   */
  shift?: number;
  /**
   * First time, before the shift, in (0, 1].
   *
   * @default {1}
   */
  start?: number;
  /**
   * Last time before the clean image, before the shift, in (0, start). By default the times are even down to 0.
   *
   * @default {start / steps}
   */
  end?: number;
}

/**
 * A time of a flow moved towards noise for pictures of more pixels: Esser et al. (2024), equation 23.
 *
 * @param time Time in [0, 1], 1 pure noise.
 * @param shift √(pixels / pixels the schedule was made for), positive; 1 moves nothing.
 * @returns Time in [0, 1].
 */
export function shiftTime(time: number, shift: number): number {
  return shift * time / (1 + (shift - 1) * time);
}

/**
 * Levels of a rectified-flow run, Lipman et al. (2023): alpha = 1 − t, sigma = t, from noise at time `start` to the
 * image at 0.
 *
 * @param steps Number of solver steps, an integer of at least 1.
 * @param options Shift and ends.
 * @returns `steps + 1` levels, noisy to clean.
 * @throws {RangeError} If a number is out of range.
 */
export function flowLevels(
  steps: number,
  { shift = 1, start = 1, end = start / steps }: FlowOptions = {},
): Level[] {
  requireSteps(steps);
  if (!(shift > 0 && shift < Infinity)) {
    throw new RangeError(
      `Cannot space steps as 'shift' must be a positive number: current value is ${shift}`,
    );
  }
  if (!(start > 0 && start <= 1 && end > 0 && (end < start || steps === 1))) {
    throw new RangeError(
      `Cannot space steps as times must be 1 >= start > end > 0: current value is ${start}, ${end}`,
    );
  }
  return [...linspace(start, end, steps), 0].map((time) =>
    flowLevel(shiftTime(time, shift))
  );
}
