import type { Process } from "@emoji/diffusion/model-config";
import type { ProcessModel } from "@emoji/diffusion/open-process";
import {
  logitNormalTime,
  logNormalSigma,
  type LossAwareSampler,
  uniformTimestep,
} from "@emoji/diffusion/losses";

/** The distribution of noise levels in training. */
export type LevelDistribution =
  /** ln σ is normal: Karras et al. (2022); EDM processes. */
  | { type: "log-normal"; mean: number; std: number }
  /** The logit of time is normal: Esser et al. (2024); flows and continuous schedules. */
  | { type: "logit-normal"; mean: number; std: number }
  /** Every index from `first` (default 0), or every time, alike. */
  | { type: "uniform"; first?: number }
  /** Indices in proportion to the root of their mean squared loss: Nichol & Dhariwal (2021), §3.3. */
  | { type: "loss-aware" };

/** Coordinates of levels (sigma, index or time, as the process counts), and weights that make up for their chances. */
export interface DrawnLevels {
  /** Coordinates. */
  t: readonly number[];
  /** Weights of the losses; absent where all are 1. */
  weights?: readonly number[];
}

/** Turns shares in (0, 1) into levels; `aware` knows the losses so far. */
export type LevelSampler = (
  shares: readonly number[],
  aware?: LossAwareSampler,
) => DrawnLevels;

/**
 * Creates the sampler of a distribution.
 *
 * @throws {RangeError} If the distribution does not suit the process.
 */
export function levelSampler(
  distribution: LevelDistribution,
  process: Process,
  { schedule }: ProcessModel,
): LevelSampler {
  const { type } = distribution;
  const each = (quantile: (share: number) => number): LevelSampler =>
  (
    shares,
  ) => ({ t: shares.map(quantile) });
  if (type === "log-normal" && process.type === "edm") {
    return each(logNormalSigma(distribution));
  }
  if (type === "logit-normal" && process.type !== "edm" && !schedule) {
    return each(logitNormalTime(distribution));
  }
  if (type === "uniform" && process.type !== "edm") {
    if (!schedule) return each((share) => share);
    const { first = 0 } = distribution;
    const draw = uniformTimestep(schedule.length - first);
    return each((share) => first + draw(share));
  }
  if (type === "loss-aware" && schedule) {
    const even = each(uniformTimestep(schedule.length));
    return function drawAware(shares, aware) {
      if (aware === undefined) return even(shares);
      const { indices, weights } = aware.draw(shares);
      return { t: indices, weights };
    };
  }
  throw new RangeError(
    `Cannot draw noise levels as their distribution must suit a process of type ${process.type}${
      schedule ? " with a table" : ""
    }: current value is ${type}`,
  );
}
