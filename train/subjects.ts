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
 * car before a racing car; of those the kinds with many alike, the face of a cat, which chats call a cat, before a cat;
 * then those of which least else is said, a racing car before a railway car.
 */
export function listConcepts(
  { pictures }: Pick<Manifest, "pictures">,
  layout: ConditionLayout,
): Concepts {
  const listed = trainingConcepts(pictures).map((entry) => {
    const words = namesOf(layout, entry.words);
    const label = wordsOf(entry.label ?? "");
    const others = (entry.names ?? []).map((name) => wordsOf(name));
    // A name with words that the vocabulary lacks cannot be asked for.
    const names = [
      label,
      ...others.filter((name) => name.every((word) => words.includes(word))),
    ];
    const { true: named = [], false: besides = [] } = Object.groupBy(
      words,
      (word) => `${names.flat().includes(word)}`,
    );
    const length = Math.min(...names.map((words) => words.length || Infinity));
    const lacking = label.filter((word) => !words.includes(word)).length;
    const said = besides.length + lacking;
    return { ...entry, label, length, said, named, besides };
  });
  // The last word of an English name says what a thing is, the ones before it which.
  type Listed = typeof listed[number];
  const kindOf = ({ label, subgroup }: Listed) => `${subgroup} ${label.at(-1)}`;
  const kinds = Object.groupBy(listed, kindOf);
  const alike = (entry: Listed) => kinds[kindOf(entry)]!.length;
  return listed.sort((a, b) =>
    a.length - b.length || alike(b) - alike(a) ||
    a.said - b.said
  ).map(({ group, subgroup, named, besides }) => [
    subjectRows(layout, { group, subgroup, words: named }),
    subjectRows(layout, { words: besides }),
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
