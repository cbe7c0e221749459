import type { ConditionLayout } from "@emoji/diffusion/condition";
import type { Vocabularies } from "./data/manifest.ts";

/** Augmentations a network is told about; the strength of a move is in units of the largest. */
const AUGMENTATIONS = ["flip", "shiftX", "shiftY"];

/** Gives each value of the vocabularies a row of the embedding table, and each vocabulary a null row. */
export function conditionLayout(
  { styles, groups, subgroups, words }: Vocabularies,
): ConditionLayout {
  let size = 0;
  function section(values: readonly string[], nulls = 1) {
    const offset = size;
    size += values.length + nulls;
    return { offset, values };
  }
  return {
    style: section(styles),
    group: section(groups),
    subgroup: section(subgroups),
    word: section(words),
    augment: section(AUGMENTATIONS, 0),
    size,
  };
}
