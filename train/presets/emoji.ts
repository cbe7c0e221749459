import type { RunConfig } from "../config.ts";
import { fourierFrequencies } from "../network/frequencies.ts";
import type { UnetConfig } from "../network/unet.ts";

/** Our own model: all styles, premultiplied RGBA, 120 MMAC an evaluation. */
export const emoji: RunConfig & { network: UnetConfig } = {
  preset: "emoji",
  seed: 1,
  data: { source: "emoji", name: "emoji", encoding: "premultiplied-rgba" },
  size: 32,
  network: {
    type: "unet",
    pictureChannels: 4,
    channels: [16, 64, 128, 160],
    blocks: [1, 1, 1, 1],
    middleBlocks: 1,
    embedding: 384,
    frequencies: fourierFrequencies(32),
    activation: "relu",
    norm: "none",
    modulation: "scale-shift",
    attention: [],
    canvas: 64,
    canvasHidden: 768,
  },
  objective: {
    process: { type: "edm", sigmaData: 0.75, sigmaMin: 0.02, sigmaMax: 80 },
    levels: { type: "log-normal", mean: -0.1, std: 1.5 },
    loss: "mse",
  },
  batch: 128,
  images: 5_200_000,
  learningRate: 1.2e-3,
  warmupImages: 64_000,
  cooldown: 0.3,
  optimizer: {
    type: "adamw",
    beta1: 0.9,
    beta2: 0.99,
    epsilon: 1e-8,
    weightDecay: 0.01,
  },
  clip: 1,
  ema: [0.05, 0.1],
  dropout: {
    all: 0.12,
    style: 0.1,
    group: 0.1,
    subgroup: 0.1,
    words: 0.05,
    word: 0.1,
  },
  augmentation: { flip: 0.5, shift: 0.1, shiftPixels: 2 },
};
