import type { RunConfig } from "../config.ts";
import { sinusoidalFrequencies } from "../network/frequencies.ts";
import { ADAM, FLIPS, NO_DROPOUT } from "./common.ts";

/** Ho et al. (2020) on a folder of pictures: T = 1000, linear β that follow T, ε with squared error. */
export const ddpm: RunConfig = {
  preset: "ddpm",
  seed: 1,
  data: { source: "folder", name: "folder", encoding: "rgb" },
  size: 64,
  network: {
    type: "unet",
    pictureChannels: 3,
    channels: [64, 128, 192, 256],
    blocks: [1, 2, 2, 2],
    middleBlocks: 1,
    block: "residual",
    embedding: 256,
    frequencies: sinusoidalFrequencies(32),
    activation: "silu",
    norm: "group",
    modulation: "shift",
    attention: [2],
  },
  objective: {
    process: {
      type: "vp",
      schedule: { type: "linear", length: 1000, scaled: true },
      prediction: "epsilon",
    },
    levels: { type: "uniform" },
    loss: "mse",
  },
  batch: 32,
  images: 3_200_000,
  learningRate: 3e-5,
  warmupImages: 0,
  cooldown: 0,
  optimizer: ADAM,
  clip: 1,
  ema: [0.05],
  dropout: NO_DROPOUT,
  augmentation: FLIPS,
};
