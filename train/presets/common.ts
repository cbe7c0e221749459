import type { Augmentation, ConditionDropout } from "../config.ts";
import type { OptimizerConfig } from "../optimizer.ts";

/** Adam with the numbers of its paper. */
export const ADAM: OptimizerConfig = {
  type: "adam",
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0,
};

/** Nothing is hidden, for networks that are told nothing. */
export const NO_DROPOUT: ConditionDropout = {
  all: 0,
  style: 0,
  group: 0,
  subgroup: 0,
  words: 0,
  word: 0,
};

/** Pictures as they are. */
export const NO_AUGMENTATION: Augmentation = {
  flip: 0,
  shift: 0,
  shiftPixels: 1,
};

/** Half of the pictures mirrored, which the network is not told: for pictures that mean the same. */
export const FLIPS: Augmentation = {
  ...NO_AUGMENTATION,
  flip: 0.5,
  untold: true,
};
