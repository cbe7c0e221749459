import type { ConditionLayout } from "@emoji/diffusion/condition";
import type { Vocabularies } from "./data/manifest.ts";

/** Augmentations a network is told about; the strength of a move is in units of the largest. */
const AUGMENTATIONS = ["flip", "shiftX", "shiftY"];

/**
 * Gives each value of the vocabularies a row of the embedding table, and each vocabulary a null row. What a distilled
 * network is told of its steps comes last, so that its teacher's table is the beginning of its own.
 */
export function conditionLayout(
  { styles, groups, subgroups, words }: Vocabularies,
  distillation?: { features: number },
): ConditionLayout {
  let size = 0;
  function section(values: readonly string[], nulls = 1) {
    const offset = size;
    size += values.length + nulls;
    return { offset, values };
  }
  const layout = {
    style: section(styles),
    group: section(groups),
    subgroup: section(subgroups),
    word: section(words),
    augment: section(AUGMENTATIONS, 0),
    size,
  };
  if (distillation === undefined) return { ...layout, size };
  const step = { offset: size, count: distillation.features };
  return { ...layout, step, size: size + step.count };
}
