import {
  type Condition,
  type ConditionLayout,
  subjectRows,
} from "./condition.ts";
import { philoxNoise } from "../random/philox.ts";
import type { Seed } from "../random/seed.ts";

/** Stream of an image's seed that chooses its subject; stream 0 is its noise. */
const SUBJECT_STREAM = 1;

/** Chance that a word of a subject is used: each seed has its own selection, so that two of one subject differ. */
const KEEP_WORD = 0.7;

/** How much the first of the concepts that words may mean is preferred: of ten it is meant by 68 % of the seeds. */
const PREFERENCE = 6;

/** What a seed may choose from: each subject is a list of rows of the embedding table, of a group, a subgroup and words. */
export type Subjects = readonly (readonly number[])[];

/**
 * What the pictures show that a model learned from, as rows of the embedding table: those of a group, a subgroup and the
 * words of a name, and those of other words that go with it. Words mean the first ones most often, so short names lead.
 */
export type Concepts = readonly (readonly [
  name: readonly number[],
  others: readonly number[],
])[];

/** What {@linkcode seedSubject} needs of a model's config. */
export interface SubjectSource {
  /** The model's vocabulary; nothing is chosen where there is none. */
  readonly condition?: ConditionLayout | undefined;
  /** What a seed alone may draw. */
  readonly subjects?: Subjects | undefined;
  /** What a word may mean. */
  readonly concepts?: Concepts | undefined;
}

/**
 * Chooses what an image shows. A seed alone chooses a subject and some of its words. Where words, a group or a subgroup
 * are asked for it chooses among the concepts that are named so, or else have all of it, as one word alone says less than
 * the network was told while it learned; where words are, the first of them more often than the last. Words with a
 * subgroup say enough and are left as they are, and so is what no concept has. A style is kept, or else chosen too.
 *
 * @param source Vocabulary, subjects and concepts.
 * @param asked What was asked for.
 * @param seed The image's seed, which alone decides.
 * @returns What to draw.
 * @throws {RangeError} If a value is not in the vocabulary.
 */
export function seedSubject(
  { condition: layout, subjects = [], concepts = [] }: SubjectSource,
  asked: Condition,
  seed: Seed,
): Condition {
  if (!layout || asked.words?.length && asked.subgroup !== undefined) {
    return asked;
  }
  const random = new Float64Array(64);
  philoxNoise(seed, { stream: SUBJECT_STREAM }).uniform(random);
  const [which, pen, ...keep] = random;
  const pick = <T>(from: readonly T[], share: number) =>
    from[Math.floor(share * from.length)];
  const wanted = subjectRows(layout, asked);
  const share = asked.words?.length ? which! ** PREFERENCE : which!;
  const rows = wanted.length === 0
    ? pick(subjects, share)
    : pick(conceptsWith(concepts, wanted), share)?.flat();
  if (!rows) return asked;
  const styles = layout.style?.values ?? [];
  const words = namesOf(layout, "word", rows);
  const kept = words.filter((_, i) => keep[i % keep.length]! < KEEP_WORD);
  return {
    ...asked,
    style: asked.style ?? styles[Math.floor(pen! * styles.length)],
    group: namesOf(layout, "group", rows)[0],
    subgroup: namesOf(layout, "subgroup", rows)[0],
    words: wanted.length > 0
      ? words
      : kept.length > 0
      ? kept
      : words.slice(0, 1),
  };
}

/** The concepts that have all of `rows` in their names, or where there is none, anywhere. */
function conceptsWith(concepts: Concepts, rows: readonly number[]): Concepts {
  const named = concepts.filter(([name]) =>
    rows.every((row) => name.includes(row))
  );
  if (named.length > 0) return named;
  return concepts.filter(([name, others]) =>
    rows.every((row) => name.includes(row) || others.includes(row))
  );
}

function namesOf(
  layout: ConditionLayout,
  section: "group" | "subgroup" | "word",
  rows: readonly number[],
): string[] {
  const { offset = 0, values = [] } = layout[section] ?? {};
  return [...new Set(rows)].sort((a, b) => a - b).flatMap((row) =>
    values[row - offset] ?? []
  );
}
