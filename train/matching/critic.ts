import type { ConditionLayout } from "@emoji/diffusion/condition";
import type { RunConfig } from "../config.ts";
import {
  type NetworkSummary,
  summarizeNetwork,
} from "../network/parameters.ts";
import type { NetworkConfig } from "../network/network.ts";
import { adversarialShare } from "./discriminate.ts";

/** Learning rate of the critic over the student's highest: it has to keep up with what it judges, from start to end. */
export const CRITIC_RATE = 3;

/** A critic's network and what it is made of. */
export interface CriticSummary extends NetworkSummary {
  /** The network. */
  network: NetworkConfig;
}

/**
 * Describes the critic of distribution matching, where a run has one: a network like the teacher, which learns beside the
 * student what that draws and is told nothing of steps. Where it also tells real pictures from drawn ones, it says so in
 * as many further channels. It is not exported.
 */
export function summarizeCritic(
  config: Pick<
    RunConfig,
    "distillation" | "upsample" | "network" | "size"
  >,
  layout: ConditionLayout,
): CriticSummary | undefined {
  const { distillation, upsample, network: student, size } = config;
  const like = distillation?.matching ? student : upsample?.matching?.critic;
  if (like === undefined) return undefined;
  const network = adversarialShare(config) > 0
    ? { ...like, outputChannels: 2 * like.pictureChannels }
    : like;
  return {
    ...summarizeNetwork(network, size, layout.step?.offset ?? layout.size),
    network,
  };
}
