import type { RunConfig } from "../config.ts";
import type { UnetConfig } from "../network/unet.ts";
import { emoji } from "./emoji.ts";

/**
 * Draws the detail of pictures of half the size, which another model draws: the second of two cascaded models (Ho et al.
 * 2021). What it sees is noised a little, as drawn pictures are not quite clean; it works at half the size, as it is
 * given no more, and what is asked for does not matter so near to the end.
 */
export const upsampler: RunConfig & { network: UnetConfig } = {
  ...emoji,
  preset: "upsampler",
  size: 64,
  upsample: { width: 2 },
  network: {
    ...emoji.network,
    channels: [48, 64, 96],
    blocks: [1, 1, 1],
    embedding: 128,
    canvas: 0,
    canvasHidden: 0,
    patch: 2,
    unconditional: true,
  },
  objective: {
    ...emoji.objective,
    levels: { type: "log-normal", mean: Math.log(0.2), std: 0.7 },
  },
  images: 1_000_000,
  augmentation: { flip: 0.5, shift: 0.5, shiftPixels: 4 },
};
