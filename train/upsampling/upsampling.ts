import type { RunConfig } from "../config.ts";
import { STEP_FEATURES } from "../distillation/distillation.ts";
import type { NetworkConfig } from "../network/network.ts";
import type { LevelDistribution } from "../objectives/levels.ts";

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
  /**
   * How it learns by distribution matching, beside the detail of real pictures.
   * @default {it does not}
   */
  matching?: MatchedUpsampling;
}

/** Pictures that a model draws are enlarged, and are to be distributed as a teacher's of the large size are. */
export interface MatchedUpsampling {
  /** Numbers of steps in which the model draws them, each as often as it stands here. */
  steps: readonly number[];
  /** Numbers that tell the model how far a step goes. */
  features: number;
  /** Which noise enlarged pictures are judged with. */
  levels: LevelDistribution;
  /** The critic's network, like the teacher's. */
  critic: NetworkConfig;
  /**
   * Share of what makes pictures look real to the critic in where they are moved; the rest is the teacher's.
   * @default {0}
   */
  adversarial?: number;
}

/** How an upsampler learns. */
export interface EnlargingOptions {
  /**
   * The network of a teacher that judges enlarged pictures.
   * @default {none, they are compared with real ones}
   */
  judge?: NetworkConfig;
  /**
   * Share of what makes pictures look real, where there is a judge.
   * @default {0}
   */
  adversarial?: number;
}

/** An upsampler's run, turned into one that learns from pictures that a model draws. */
export function enlarging(
  preset: RunConfig,
  upsample: UpsampleConfig,
  { judge, adversarial = 0 }: EnlargingOptions = {},
): RunConfig {
  if (judge === undefined) {
    const levels = {
      type: "log-normal",
      mean: Math.log(0.6),
      std: 0.8,
    } as const;
    return {
      ...preset,
      upsample: { ...upsample, denoised: true },
      objective: { ...preset.objective, levels },
    };
  }
  return {
    ...preset,
    learningRate: 2e-4,
    warmupImages: 8_000,
    cooldown: 0.7,
    images: 60_000,
    upsample: {
      ...upsample,
      matching: {
        steps: [4, 4, 8, 16],
        features: STEP_FEATURES,
        levels: { type: "log-normal", mean: Math.log(0.5), std: 1.1 },
        critic: judge,
        ...(adversarial > 0 && { adversarial }),
      },
    },
  };
}
