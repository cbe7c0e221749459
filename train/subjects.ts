import { type ConditionLayout, subjectRows } from "@emoji/diffusion/condition";
import type { Concepts, Subjects } from "@emoji/diffusion/seed-subject";
import type { Manifest, PictureEntry } from "./data/manifest.ts";
import { wordsOf } from "./data/sources/emoji_concepts.ts";

/** Options for {@linkcode listSubjects}. */
export interface ListSubjectsOptions {
  /**
   * Beginnings of the groups or subgroups to list; all where there is none.
   * @default {[]}
   */
  only?: readonly string[];
}

/** What a seed alone may draw: concepts of the training pictures, as rows of their group, subgroup and words. */
export function listSubjects(
  { pictures }: Pick<Manifest, "pictures">,
  layout: ConditionLayout,
  { only = [] }: ListSubjectsOptions = {},
): Subjects {
  const listed = trainingConcepts(pictures).filter(({ group, subgroup }) =>
    only.length === 0 ||
    only.some((start) =>
      group?.startsWith(start) || subgroup?.startsWith(start)
    )
  );
  return listed.map(({ group, subgroup, words }) =>
    subjectRows(layout, { group, subgroup, words: namesOf(layout, words) })
  );
}

/**
 * What words may mean: concepts of the training pictures, the words of their names apart. Short names lead, counted with
 * the words that the vocabulary has not: a star before a glowing star.
 */
export function listConcepts(
  { pictures }: Pick<Manifest, "pictures">,
  layout: ConditionLayout,
): Concepts {
  const named = trainingConcepts(pictures).map((entry) => ({
    ...entry,
    name: new Set(wordsOf(entry.label ?? "")),
  })).sort((a, b) => a.name.size - b.name.size);
  return named.map(({ group, subgroup, name, words }) => {
    const { true: own, false: others } = Object.groupBy(
      namesOf(layout, words),
      (word) => `${name.has(word)}`,
    );
    return [
      subjectRows(layout, { group, subgroup, words: own }),
      subjectRows(layout, { words: others }),
    ];
  });
}

/** A picture of each meaning. Held-out concepts stay out, so that their words together were never seen. */
function trainingConcepts(pictures: readonly PictureEntry[]): PictureEntry[] {
  const found = new Map<string, PictureEntry>();
  for (const entry of pictures) {
    const meaning = [entry.group, entry.subgroup, ...entry.words].join(" ");
    if (entry.split === "train" && !found.has(meaning)) {
      found.set(meaning, entry);
    }
  }
  return [...found.values()];
}

function namesOf(layout: ConditionLayout, words: readonly number[]): string[] {
  return words.map((word) => layout.word!.values[word]!);
}
