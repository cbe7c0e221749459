import type { Condition, ConditionLayout } from "./condition.ts";
import { philoxNoise } from "./random/philox.ts";
import type { Seed } from "./random/seed.ts";

/** Stream of an image's seed that chooses its subject; stream 0 is its noise. */
const SUBJECT_STREAM = 1;

/** Chance that a word of a subject is used: each seed has its own selection, so that two of one subject differ. */
const KEEP_WORD = 0.7;

/** What a seed may choose from: each subject is a list of rows of the embedding table, of a group, a subgroup and words. */
export type Subjects = readonly (readonly number[])[];

/**
 * Chooses what an image shows where nothing was asked for. A condition that names words, a group or a subgroup is left as it
 * is; a style is kept, or else chosen too.
 *
 * @param layout The model's vocabulary.
 * @param subjects What to choose from; nothing is chosen where there is none.
 * @param condition What was asked for.
 * @param seed The image's seed, which alone decides.
 * @returns What to draw.
 */
export function seedSubject(
  layout: ConditionLayout | undefined,
  subjects: Subjects | undefined,
  condition: Condition,
  seed: Seed,
): Condition {
  const { group, subgroup, words = [], style } = condition;
  const asked = group !== undefined || subgroup !== undefined ||
    words.length > 0;
  if (!layout || !subjects?.length || asked) return condition;
  const random = new Float64Array(64);
  philoxNoise(seed, { stream: SUBJECT_STREAM }).uniform(random);
  const [which, pen, ...keep] = random;
  const rows = new Set(subjects[Math.floor(which! * subjects.length)]);
  const styles = layout.style?.values ?? [];
  const chosen = namesOf(layout, "word", rows);
  const kept = chosen.filter((_, i) => keep[i % keep.length]! < KEEP_WORD);
  return {
    ...condition,
    style: style ?? styles[Math.floor(pen! * styles.length)],
    group: namesOf(layout, "group", rows)[0],
    subgroup: namesOf(layout, "subgroup", rows)[0],
    words: kept.length > 0 ? kept : chosen.slice(0, 1),
  };
}

function namesOf(
  layout: ConditionLayout,
  section: "group" | "subgroup" | "word",
  rows: ReadonlySet<number>,
): string[] {
  const { offset = 0, values = [] } = layout[section] ?? {};
  return [...rows].sort((a, b) => a - b).flatMap((row) =>
    values[row - offset] ?? []
  );
}
