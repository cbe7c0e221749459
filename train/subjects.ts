import type { ConditionLayout } from "@emoji/diffusion/condition";
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
  return listed.map((entry) => [
    ...rowOf(layout, "group", entry.group),
    ...rowOf(layout, "subgroup", entry.subgroup),
    ...entry.words.map((word) => wordRow(layout, word)),
  ]);
}

/** What words may mean: concepts of the training pictures, the words of their names apart. */
export function listConcepts(
  { pictures, vocabularies }: Pick<Manifest, "pictures" | "vocabularies">,
  layout: ConditionLayout,
): Concepts {
  return trainingConcepts(pictures).map((entry) => {
    const name = new Set(wordsOf(entry.label ?? ""));
    const isNamed = (word: number) => name.has(vocabularies.words[word]!);
    return [
      [
        ...rowOf(layout, "group", entry.group),
        ...rowOf(layout, "subgroup", entry.subgroup),
        ...entry.words.filter(isNamed).map((word) => wordRow(layout, word)),
      ],
      entry.words.filter((word) => !isNamed(word)).map((word) =>
        wordRow(layout, word)
      ),
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

function rowOf(
  layout: ConditionLayout,
  section: "group" | "subgroup",
  value = "",
): number[] {
  const { offset = 0, values = [] } = layout[section] ?? {};
  const index = values.indexOf(value);
  return index < 0 ? [] : [offset + index];
}

function wordRow(layout: ConditionLayout, word: number): number {
  return (layout.word?.offset ?? 0) + word;
}
