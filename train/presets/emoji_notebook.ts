import type { RunConfig } from "../config.ts";
import type { PlainUnetConfig } from "../network/plain_unet.ts";
import { ADAM, FLIPS, NO_DROPOUT } from "./common.ts";

/** Noise levels T. */
const LEVELS = 500;

/**
 * The emoji notebook: its network and recipe on faces over black, 500 passes in batches of 8. What the notebook gets
 * wrong is left out here; `--faithful` and `--faults` bring it back.
 */
export const emojiNotebook: RunConfig & { network: PlainUnetConfig } = {
  preset: "emoji-notebook",
  seed: 1,
  data: {
    source: "emoji",
    name: "noto-faces",
    encoding: "rgb",
    background: "black",
    styles: ["noto"],
    only: ["face-"],
  },
  size: 32,
  network: {
    type: "plain-unet",
    pictureChannels: 3,
    channels: [64, 128, 256],
    embedding: 128,
    levels: LEVELS,
  },
  objective: {
    process: {
      type: "vp",
      schedule: { type: "linear", length: LEVELS },
      prediction: "epsilon",
    },
    levels: { type: "uniform", first: 1 },
    loss: "mse",
  },
  batch: 8,
  images: 50_000,
  learningRate: 1e-3,
  warmupImages: 0,
  cooldown: 0,
  optimizer: ADAM,
  clip: 0,
  ema: [],
  dropout: NO_DROPOUT,
  augmentation: FLIPS,
};
