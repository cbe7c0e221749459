import type { ConditionLayout } from "@emoji/diffusion/condition";
import type { RunConfig } from "../config.ts";
import {
  type NetworkSummary,
  summarizeNetwork,
} from "../network/parameters.ts";
import type { NetworkConfig } from "../network/network.ts";

/** Learning rate of the critic over the student's highest: it has to keep up with what it judges, from start to end. */
export const CRITIC_RATE = 3;

/** A critic's network and what it is made of. */
export interface CriticSummary extends NetworkSummary {
  /** The network. */
  network: NetworkConfig;
}

/**
 * Describes the critic of distribution matching, where a run has one: a network like the teacher, which learns beside the
 * student what that draws and is told nothing of steps. It is not exported.
 */
export function summarizeCritic(
  { distillation, upsample, network: student, size }: Pick<
    RunConfig,
    "distillation" | "upsample" | "network" | "size"
  >,
  layout: ConditionLayout,
): CriticSummary | undefined {
  const network = distillation?.matching ? student : upsample?.matching?.critic;
  return network && {
    ...summarizeNetwork(network, size, layout.step?.offset ?? layout.size),
    network,
  };
}
