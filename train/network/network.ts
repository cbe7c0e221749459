import type { Graph, NetworkInputs } from "./graph.ts";
import { mlp, type MlpConfig } from "./mlp.ts";
import { plainUnet, type PlainUnetConfig } from "./plain_unet.ts";
import { unet, type UnetConfig } from "./unet.ts";

/** A network and its shape. */
export type NetworkConfig = UnetConfig | PlainUnetConfig | MlpConfig;

/** Writes a network into `graph` and returns its answer. */
export function writeNetwork<T>(
  graph: Graph<T>,
  config: NetworkConfig,
  inputs: NetworkInputs<T>,
): T {
  switch (config.type) {
    case "unet":
      return unet(graph, config, inputs);
    case "plain-unet":
      return plainUnet(graph, config, inputs);
    case "mlp":
      return mlp(graph, config, inputs);
  }
}

/** Whether a network can be asked for anything. */
export function isConditional(config: NetworkConfig): boolean {
  return config.type === "unet" && !config.unconditional;
}

/** Channels of what a network is given and of what it answers. */
export function channelsOf(
  config: NetworkConfig,
): { input: number; output: number } {
  const { pictureChannels } = config;
  if (config.type !== "unet") {
    return { input: pictureChannels, output: pictureChannels };
  }
  return {
    input: config.inputChannels ?? pictureChannels,
    output: config.outputChannels ?? pictureChannels,
  };
}
