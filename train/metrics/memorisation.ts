import type { Neighbours } from "./neighbour_search.ts";

/** Whether samples copy training pictures. */
export interface Memorisation {
  /** Share of samples nearer to a training picture than a third of the distance to the second nearest. */
  readonly copies: number;
  /** Median distance to the nearest training picture. */
  readonly median: number;
  /** Deciles of that distance, from the least to the largest: 11 numbers. */
  readonly deciles: readonly number[];
}

/** A third: the rule of Carlini et al. (2023, arXiv 2301.13188) and Gu et al. (2023, arXiv 2310.02664). */
const RATIO = 1 / 3;

/** Whether the nearest picture is so much nearer than the second that the sample copies it. */
export function isCopy({ firstDistance, secondDistance }: Neighbours): boolean {
  return firstDistance < RATIO * secondDistance;
}

/** Summarises the neighbours of samples, or of held-out pictures. */
export function memorisation(neighbours: readonly Neighbours[]): Memorisation {
  const distances = neighbours.map(({ firstDistance }) => firstDistance)
    .sort((a, b) => a - b);
  return {
    copies: neighbours.filter(isCopy).length / neighbours.length,
    median: quantile(distances, 0.5),
    deciles: Array.from({ length: 11 }, (_, i) => quantile(distances, i / 10)),
  };
}

/** Share of samples that are nearer to a training picture than a share `part` of the held-out pictures is. */
export function nearerThan(
  samples: readonly Neighbours[],
  heldOut: readonly Neighbours[],
  part: number,
): number {
  const limit = quantile(
    heldOut.map(({ firstDistance }) => firstDistance).sort((a, b) => a - b),
    part,
  );
  return samples.filter(({ firstDistance }) => firstDistance < limit).length /
    samples.length;
}

/** Quantile of ascending numbers, linear between them. */
export function quantile(sorted: readonly number[], part: number): number {
  const at = part * (sorted.length - 1);
  const low = Math.floor(at);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low]! + (at - low) * (sorted[high]! - sorted[low]!);
}
