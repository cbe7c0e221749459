import type { Condition } from "@emoji/diffusion/condition";
import type { ConditionDropout } from "./config.ts";
import type { PictureEntry } from "./data/manifest.ts";

/**
 * The conditions of a picture that the network is told.
 *
 * @param vocabulary Words by their index.
 * @param random Uniform numbers that decide what is hidden; none of them means to hide nothing.
 */
export function chooseConditions(
  dropout: ConditionDropout,
  { style, group, subgroup, words }: PictureEntry,
  vocabulary: readonly string[],
  random: readonly number[],
): Condition {
  const [
    all = 1,
    ofStyle = 1,
    ofGroup = 1,
    ofSubgroup = 1,
    ofWords = 1,
    ...each
  ] = random;
  if (all < dropout.all) return {};
  return {
    style: ofStyle < dropout.style ? undefined : style,
    group: ofGroup < dropout.group ? undefined : group,
    subgroup: ofSubgroup < dropout.subgroup ? undefined : subgroup,
    words: ofWords < dropout.words ? [] : words
      .filter((_, i) => (each[i % each.length] ?? 1) >= dropout.word)
      .map((index) => vocabulary[index]!),
  };
}
