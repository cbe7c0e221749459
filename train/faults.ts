/**
 * Mistakes of a well-known notebook in how it samples. They are off unless a preset asks for them; the preset
 * `emoji-notebook --faithful` does, to show what each costs.
 *
 * @module
 */

/** Which mistakes to make; all are off by default. */
export interface SamplingFaults {
  /** Cut x_t itself to [−1, 1] after every step. */
  clampSteps?: boolean;
  /** Take ᾱ of the clean picture for 0 instead of 1. */
  zeroFirstAlphaBar?: boolean;
  /** Leave out the last step, from index 0 to the clean picture. */
  skipLastStep?: boolean;
  /** Stretch the values of each finished picture to fill [−1, 1]. */
  stretch?: boolean;
}
