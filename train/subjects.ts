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
 * What words may mean: concepts of the training pictures, the words of their names apart. Plain ones lead: short names, a
 * star before a shooting star, where a face counts as the whole; of those the kinds with many alike, the face of a cat
 * before a cat and a palm tree before a Christmas tree, which is no plant; then those of which least else is said, a
 * racing car before a railway car.
 */
export function listConcepts(
  { pictures }: Pick<Manifest, "pictures">,
  layout: ConditionLayout,
): Concepts {
  const named = trainingConcepts(pictures).map((entry) => {
    const label = wordsOf(entry.label ?? "");
    const { true: name = [], false: others = [] } = Object.groupBy(
      namesOf(layout, entry.words),
      (word) => `${label.includes(word)}`,
    );
    const besides = others.length + label.length - name.length;
    const length = label.filter((word) => word !== "face").length;
    return { ...entry, label, length, name, others, besides };
  });
  // The last word of an English name says what a thing is, the ones before it which.
  type Named = typeof named[number];
  const kindOf = ({ label, subgroup }: Named) => `${subgroup} ${label.at(-1)}`;
  const kinds = Object.groupBy(named, kindOf);
  const alike = (entry: Named) => kinds[kindOf(entry)]!.length;
  return named.sort((a, b) =>
    a.length - b.length || alike(b) - alike(a) ||
    a.besides - b.besides
  ).map(({ group, subgroup, name, others }) => [
    subjectRows(layout, { group, subgroup, words: name }),
    subjectRows(layout, { words: others }),
  ]);
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
