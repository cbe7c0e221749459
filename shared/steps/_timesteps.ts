import { requireSteps } from "./_steps.ts";

/** Checks that indices decrease strictly and exist in a schedule of `length` levels, and hands them back. */
export function requireTimesteps(
  timesteps: number[],
  length: number,
  steps: number,
): number[] {
  requireSteps(steps);
  if (steps > length) {
    throw new RangeError(
      `Cannot space steps as 'steps' must be at most the ${length} levels of the schedule: current value is ${steps}`,
    );
  }
  for (const [i, t] of timesteps.entries()) {
    if (!(t >= 0 && t <= length - 1)) {
      throw new RangeError(
        `Cannot space steps as timestep ${i} must be from 0 to ${
          length - 1
        }: current value is ${t}`,
      );
    }
    if (i > 0 && !(t < timesteps[i - 1]!)) {
      throw new RangeError(
        `Cannot space steps as timestep ${i} must be below the one before, ${
          timesteps[i - 1]
        }: current value is ${t}`,
      );
    }
  }
  return timesteps;
}
