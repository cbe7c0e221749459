import type { RunConfig } from "../config.ts";
import type { UnetConfig } from "../network/unet.ts";
import { emoji } from "./emoji.ts";

/**
 * Pictures of twice the size: one more resolution above the network of `emoji`, from whose weights it may begin
 * (`--init`). A pixel of half the size is as hard to see in twice the noise (Hoogeboom et al. 2023, §3.1).
 */
export const emoji64: RunConfig & { network: UnetConfig } = {
  ...emoji,
  preset: "emoji-64",
  size: 64,
  network: {
    ...emoji.network,
    channels: [16, 32, 64, 128, 160],
    blocks: [1, 1, 1, 1, 1],
  },
  objective: {
    ...emoji.objective,
    levels: { type: "log-normal", mean: -0.1 + Math.LN2, std: 1.5 },
  },
  augmentation: { ...emoji.augmentation, shiftPixels: 4 },
};
