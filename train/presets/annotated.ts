import type { RunConfig } from "../config.ts";
import { sinusoidalFrequencies } from "../network/frequencies.ts";
import { ADAM, FLIPS, NO_DROPOUT } from "./common.ts";

/**
 * "The Annotated Diffusion Model" on Fashion-MNIST: T = 300, linear β, Huber loss, ConvNeXt blocks with linear
 * attention, and full attention at the coarsest resolution.
 */
export const annotated: RunConfig = {
  preset: "annotated",
  seed: 1,
  data: { source: "fashion-mnist", name: "fashion-mnist", encoding: "rgb" },
  size: 32,
  network: {
    type: "unet",
    pictureChannels: 3,
    channels: [32, 64, 128],
    blocks: [1, 1, 1],
    middleBlocks: 1,
    block: "convnext",
    embedding: 128,
    frequencies: sinusoidalFrequencies(16),
    activation: "gelu",
    norm: "group",
    modulation: "shift",
    attention: [2],
    linearAttention: [0, 1],
  },
  objective: {
    process: {
      type: "vp",
      schedule: { type: "linear", length: 300 },
      prediction: "epsilon",
    },
    levels: { type: "uniform" },
    loss: "huber",
  },
  batch: 128,
  images: 360_000,
  learningRate: 1e-3,
  warmupImages: 0,
  cooldown: 0,
  optimizer: ADAM,
  clip: 1,
  ema: [0.05],
  dropout: NO_DROPOUT,
  augmentation: FLIPS,
};
