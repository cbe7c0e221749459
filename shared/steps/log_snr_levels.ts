import type { Level } from "../level.ts";
import { linspace } from "../schedules/linspace.ts";
import { type LogSnr, logSnrLevel } from "../schedules/log_snr.ts";
import { requireSteps } from "./_steps.ts";

/** Options of {@linkcode logSnrLevels}. */
export interface LogSnrLevelsOptions {
  /**
   * First time, in (0, 1].
   *
   * @default {1}
   */
  start?: number;
  /**
   * Last time before the clean image, in (0, start). By default the times are even down to 0.
   *
   * @default {start / steps}
   */
  end?: number;
}

/**
 * The levels of a run over a process in continuous time, evenly spaced in time: Kingma et al. (2021), section 4.
 *
 * @param logSnr Schedule, such as `linearLogSnr` or `cosineLogSnr()`.
 * @param steps Number of solver steps, an integer of at least 1.
 * @param options First and last time.
 * @returns `steps + 1` variance-preserving levels with `t` = time, noisy to clean; the last one is the clean image.
 * @throws {RangeError} If a number is out of range or the schedule does not rise towards the image.
 */
export function logSnrLevels(
  logSnr: LogSnr,
  steps: number,
  { start = 1, end = start / steps }: LogSnrLevelsOptions = {},
): Level[] {
  requireSteps(steps);
  if (!(start > 0 && start <= 1 && end > 0 && (end < start || steps === 1))) {
    throw new RangeError(
      `Cannot space steps as times must be 1 >= start > end > 0: current value is ${start}, ${end}`,
    );
  }
  let last = -Infinity;
  const levels = Array.from(linspace(start, end, steps), (time, i) => {
    const value = logSnr(time);
    if (!(i === 0 || value > last)) {
      throw new RangeError(
        `Cannot space steps as 'logSnr' must rise towards time 0: current value is ${value} at ${time}`,
      );
    }
    last = value;
    return logSnrLevel(value, time);
  });
  return [...levels, { alpha: 1, sigma: 0, t: 0 }];
}
