import type { RunConfig } from "./config.ts";

/** A configuration as the first runs stored it: EDM and AdamW were all there was. */
interface FirstConfig {
  network: Record<string, unknown>;
  sigmaData: number;
  sigma: { mean: number; std: number };
  adam: { beta1: number; beta2: number; epsilon: number; weightDecay: number };
}

/** Reads a configuration from a checkpoint, whatever its age. */
export function upgradeConfig(stored: RunConfig | FirstConfig): RunConfig {
  if ("objective" in stored) return stored;
  const { sigmaData, sigma, adam, network, ...rest } = stored;
  return {
    data: { source: "emoji", name: "emoji", encoding: "premultiplied-rgba" },
    ...rest,
    network: { type: "unet", ...network },
    objective: {
      process: { type: "edm", sigmaData, sigmaMin: 0.02, sigmaMax: 80 },
      levels: { type: "log-normal", ...sigma },
      loss: "mse",
    },
    optimizer: { type: "adamw", ...adam },
  } as RunConfig;
}
