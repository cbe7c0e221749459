import type { RunConfig } from "../config.ts";
import { fourierFrequencies } from "../network/frequencies.ts";
import { NO_AUGMENTATION, NO_DROPOUT } from "./common.ts";

/** Eight normal distributions on a circle, as pictures of one pixel whose red and green are the coordinates: a flow learned in seconds. */
export const gaussians: RunConfig = {
  preset: "gaussians",
  seed: 1,
  data: { source: "gaussians", name: "gaussians", encoding: "rgb" },
  size: 1,
  network: {
    type: "mlp",
    pictureChannels: 3,
    width: 96,
    blocks: 3,
    frequencies: fourierFrequencies(16),
  },
  objective: {
    process: { type: "flow" },
    levels: { type: "uniform" },
    loss: "mse",
  },
  batch: 256,
  images: 100_000,
  learningRate: 3e-3,
  warmupImages: 2_000,
  cooldown: 0.5,
  optimizer: {
    type: "adamw",
    beta1: 0.9,
    beta2: 0.99,
    epsilon: 1e-8,
    weightDecay: 0,
  },
  clip: 1,
  ema: [0.05],
  dropout: NO_DROPOUT,
  augmentation: NO_AUGMENTATION,
};
