import type { RunConfig } from "../config.ts";

/**
 * How a network learns to draw the detail of smaller pictures: it sees the means of squares of pixels and answers with
 * the whole picture (cascaded diffusion, Ho et al. 2021, with one step).
 */
export interface UpsampleConfig {
  /** Width in pixels of the squares of a noisy picture of whose values the network only sees the mean. */
  width: number;
  /**
   * Whether it is shown what the model whose pictures it is to enlarge makes of these means.
   * @default {false} it sees them as they are
   */
  denoised?: boolean;
}

/** An upsampler's run, turned into one that is shown what a model makes of pictures with more noise. */
export function enlarging(
  preset: RunConfig,
  upsample: UpsampleConfig,
): RunConfig {
  const levels = { type: "log-normal", mean: Math.log(0.6), std: 0.8 } as const;
  return {
    ...preset,
    upsample: { ...upsample, denoised: true },
    objective: { ...preset.objective, levels },
  };
}
