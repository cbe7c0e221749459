import { muon, muonShare } from "./muon.ts";
import type { Parameter } from "./network/graph.ts";
import { length } from "./network/parameters.ts";
import {
  adam,
  adamw,
  type Optimizer,
  type OptimizerConfig,
  radam,
  type Range,
} from "./optimizer.ts";

/** Optimisers that move each weight by itself. */
const PLAIN: Readonly<
  Record<Exclude<OptimizerConfig["type"], "muon">, Optimizer>
> = { adamw, adam, radam };

/** Names of all optimisers. */
export const OPTIMIZER_NAMES = [
  ...Object.keys(PLAIN) as (keyof typeof PLAIN)[],
  "muon",
] as const;

/** An optimiser that knows its network. */
export interface OpenOptimizer {
  /** Takes one step on a range that {@linkcode OpenOptimizer.share} gave. */
  readonly update: Optimizer;
  /** The part of the weights that worker `index` of `workers` moves. */
  share(index: number, workers: number): Range;
}

/** Opens the optimiser of a run. */
export function openOptimizer(
  { type }: OptimizerConfig,
  parameters: readonly Parameter[],
): OpenOptimizer {
  if (type === "muon") {
    return {
      update: muon(parameters),
      share: (index, workers) => muonShare(parameters, index, workers),
    };
  }
  const size = parameters.reduce((sum, { shape }) => sum + length(shape), 0);
  return {
    update: PLAIN[type],
    share: (index, workers) => ({
      from: Math.floor(size * index / workers),
      to: Math.floor(size * (index + 1) / workers),
    }),
  };
}
