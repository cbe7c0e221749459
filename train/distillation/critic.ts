import type { ConditionLayout } from "@emoji/diffusion/condition";
import type { RunConfig } from "../config.ts";
import {
  type NetworkSummary,
  summarizeNetwork,
} from "../network/parameters.ts";

/** Learning rate of the critic over the student's highest: it has to keep up with what it judges, from start to end. */
export const CRITIC_RATE = 3;

/**
 * Describes the critic of distribution matching, where a run has one: a network like the student, which learns beside it
 * what it draws and is told nothing of steps. It is not exported.
 */
export function summarizeCritic(
  { distillation, network, size }: Pick<
    RunConfig,
    "distillation" | "network" | "size"
  >,
  layout: ConditionLayout,
): NetworkSummary | undefined {
  if (distillation?.matching === undefined) return undefined;
  return summarizeNetwork(network, size, layout.step?.offset ?? layout.size);
}
