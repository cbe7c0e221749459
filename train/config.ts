/**
 * Everything that decides what a run learns. A preset is a file with these numbers; the run folder keeps a copy.
 *
 * @module
 */

import type { UnetConfig } from "./network/unet.ts";

/** Chances that a condition is hidden from the network, so that it also learns to draw without it. */
export interface ConditionDropout {
  /** The whole condition. */
  all: number;
  /** The style. */
  style: number;
  /** The group. */
  group: number;
  /** The subgroup. */
  subgroup: number;
  /** All words. */
  words: number;
  /** Each word by itself. */
  word: number;
}

/** Non-leaking augmentation (Karras et al. 2020): the network is told what was done, and told nothing when it samples. */
export interface Augmentation {
  /** Chance of a mirrored picture. */
  flip: number;
  /** Chance of a picture moved by up to `shiftPixels` along each axis. */
  shift: number;
  /** Largest move. */
  shiftPixels: number;
}

/** A training run. */
export interface RunConfig {
  /** Name of the preset it began with. */
  preset: string;
  /** Seed of the weights, the order of the pictures, the noise, the dropout. */
  seed: number;
  /** Height and width of the pictures. */
  size: number;
  /** The network. */
  network: UnetConfig;
  /** Standard deviation of the data, for the preconditioning of Karras et al. (2022). */
  sigmaData: number;
  /** ln σ of a training picture is normal with this mean and standard deviation. */
  sigma: { mean: number; std: number };
  /** Pictures a step. */
  batch: number;
  /** Pictures to see in all. */
  images: number;
  /** Peak learning rate. */
  learningRate: number;
  /** Pictures over which the learning rate rises from 0. */
  warmupImages: number;
  /** Share of the run, at its end, over which the learning rate falls to 0. */
  cooldown: number;
  /** AdamW's β₁, β₂, ε and decoupled weight decay. */
  adam: { beta1: number; beta2: number; epsilon: number; weightDecay: number };
  /** Largest norm of a gradient; larger ones are scaled down. */
  clip: number;
  /** Relative lengths σ_rel of the power-function averages of the weights (Karras et al. 2024). */
  ema: readonly number[];
  /** Hidden conditions. */
  dropout: ConditionDropout;
  /** Changed pictures. */
  augmentation: Augmentation;
}

/** Learning rate after `images` pictures: linear warm-up, constant, linear cool-down. */
export function learningRate(config: RunConfig, images: number): number {
  const up = Math.min(1, images / config.warmupImages);
  const down = Math.min(
    1,
    (config.images - images) / (config.cooldown * config.images),
  );
  return config.learningRate * Math.max(0, Math.min(up, down));
}
