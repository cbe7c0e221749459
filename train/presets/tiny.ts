import type { RunConfig } from "../config.ts";
import { fourierFrequencies } from "../network/frequencies.ts";
import type { UnetConfig } from "../network/unet.ts";
import { NO_AUGMENTATION, NO_DROPOUT } from "./common.ts";

/** Flat shapes of 8×8 pixels, learned in seconds: for tests and for a first look at the trainer. */
export const tiny: RunConfig & { network: UnetConfig } = {
  preset: "tiny",
  seed: 1,
  data: {
    source: "synthetic",
    name: "synthetic",
    encoding: "premultiplied-rgba",
  },
  size: 8,
  network: {
    type: "unet",
    pictureChannels: 4,
    channels: [16, 32],
    blocks: [1, 1],
    middleBlocks: 0,
    embedding: 32,
    frequencies: fourierFrequencies(16),
    activation: "relu",
    norm: "none",
    modulation: "scale-shift",
    attention: [],
  },
  objective: {
    process: { type: "edm", sigmaData: 0.7, sigmaMin: 0.02, sigmaMax: 80 },
    levels: { type: "log-normal", mean: -0.4, std: 1.4 },
    loss: "mse",
  },
  batch: 64,
  images: 80_000,
  learningRate: 4e-3,
  warmupImages: 2_000,
  cooldown: 0.5,
  optimizer: {
    type: "adamw",
    beta1: 0.9,
    beta2: 0.99,
    epsilon: 1e-8,
    weightDecay: 0.01,
  },
  clip: 1,
  ema: [0.05, 0.1],
  dropout: { ...NO_DROPOUT, all: 0.1 },
  augmentation: NO_AUGMENTATION,
};
