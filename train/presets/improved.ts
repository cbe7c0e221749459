import type { RunConfig } from "../config.ts";
import { sinusoidalFrequencies } from "../network/frequencies.ts";
import { ADAM, FLIPS, NO_DROPOUT } from "./common.ts";

/**
 * Nichol & Dhariwal (2021) on CIFAR-10, class conditional: T = 4000, cosine schedule, learned variance with the hybrid
 * loss, blocks after BigGAN with attention.
 */
export const improved: RunConfig = {
  preset: "improved",
  seed: 1,
  data: { source: "cifar-10", name: "cifar-10", encoding: "rgb" },
  size: 32,
  network: {
    type: "unet",
    pictureChannels: 3,
    outputChannels: 6,
    channels: [64, 128, 128, 128],
    blocks: [2, 2, 2, 2],
    middleBlocks: 1,
    block: "biggan",
    embedding: 256,
    frequencies: sinusoidalFrequencies(32),
    activation: "silu",
    norm: "group",
    modulation: "scale-shift",
    attention: [1, 2],
    dropout: 0.3,
  },
  objective: {
    process: {
      type: "vp",
      schedule: { type: "cosine", length: 4000 },
      prediction: "epsilon",
      variance: "learned",
    },
    levels: { type: "uniform" },
    loss: "mse",
    bound: "hybrid",
  },
  batch: 128,
  images: 64_000_000,
  learningRate: 1e-4,
  warmupImages: 0,
  cooldown: 0,
  optimizer: ADAM,
  clip: 1,
  // The paper's, and one that a short run can be judged by.
  ema: [0.9999, 0.05],
  dropout: { ...NO_DROPOUT, all: 0.1 },
  augmentation: FLIPS,
};
