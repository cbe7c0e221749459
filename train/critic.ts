/**
 * The critic: a second network that learns beside the one that a run is about, and tells it what its pictures lack. It
 * is not exported.
 *
 * @module
 */

import type { ConditionLayout } from "@emoji/diffusion/condition";
import type { RunConfig } from "./config.ts";
import type { NetworkConfig } from "./network/network.ts";
import { type NetworkSummary, summarizeNetwork } from "./network/parameters.ts";

/** Learning rate of the critic over the network's highest: it has to keep up with what it judges, from start to end. */
export const CRITIC_RATE = 3;

/** A critic and its shape. */
export interface CriticSummary extends NetworkSummary {
  /** The network. */
  config: NetworkConfig;
}

/**
 * Describes a run's critic, where it has one: of distribution matching a network like the student, which is told nothing
 * of steps; of an upsampler one that is shown its input and an answer, and says of each pixel how real it looks (a U-Net,
 * Schönfeld et al. 2020).
 */
export function summarizeCritic(
  { distillation, network, size, upsample }: Pick<
    RunConfig,
    "distillation" | "network" | "size" | "upsample"
  >,
  layout: ConditionLayout,
): CriticSummary | undefined {
  const summarize = (config: NetworkConfig, conditions: number) => ({
    config,
    ...summarizeNetwork(config, size, conditions),
  });
  if (distillation?.matching !== undefined) {
    return summarize(network, layout.step?.offset ?? layout.size);
  }
  if (upsample?.adversarial === undefined || network.type !== "unet") return;
  return summarize({
    ...network,
    channels: network.channels.map((channels) => channels / 2),
    inputChannels: 2 * network.pictureChannels,
    outputChannels: 1,
  }, layout.size);
}
