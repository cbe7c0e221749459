/**
 * How often a classifier sees in a picture what was asked for.
 *
 * @module
 */

import type { PictureEntry } from "../dataset.ts";
import {
  labelCount,
  type LabelKind,
  labelOf,
  labelOffset,
  type Labels,
} from "./labels.ts";

/** Shares in [0, 1]. */
export interface Agreement {
  /** The group is the likeliest. */
  group: number;
  /** The group is among the five likeliest; of eight groups, so the subgroups say more. */
  groupTop5: number;
  /** The subgroup is the likeliest. */
  subgroup: number;
  /** The subgroup is among the five likeliest. */
  subgroupTop5: number;
  /** The style is the likeliest. */
  style: number;
}

/** Compares logits `[n, labels]` with what the pictures are, or should be; NaN where no label of a kind is known. */
export function agreement(
  logits: Float32Array,
  entries: readonly Pick<PictureEntry, "group" | "subgroup" | "style">[],
  labels: Labels,
): Agreement {
  const width = labelCount(labels);
  const share = (kind: LabelKind, top: number) => {
    const from = labelOffset(labels, kind);
    const size = labels[kind].length;
    let known = 0;
    let right = 0;
    entries.forEach((entry, i) => {
      const label = labelOf(labels, kind, entry);
      if (label < 0) return;
      known++;
      const row = logits.subarray(i * width + from, i * width + from + size);
      if (rank(row, label) < top) right++;
    });
    return right / known;
  };
  return {
    group: share("groups", 1),
    groupTop5: share("groups", 5),
    subgroup: share("subgroups", 1),
    subgroupTop5: share("subgroups", 5),
    style: share("styles", 1),
  };
}

/** Number of values that are at least as large as the one at `index`, itself left out; NaN is never right. */
function rank(values: Float32Array, index: number): number {
  let larger = 0;
  values.forEach((value, i) => {
    if (i !== index && !(value < values[index]!)) larger++;
  });
  return larger;
}
