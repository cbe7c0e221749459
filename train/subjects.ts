import type { ConditionLayout } from "@emoji/diffusion/condition";
import type { Subjects } from "@emoji/diffusion/seed-subject";
import type { Manifest } from "./data/manifest.ts";

/** Options for {@linkcode listSubjects}. */
export interface ListSubjectsOptions {
  /**
   * Beginnings of the groups or subgroups to list; all where there is none.
   * @default {[]}
   */
  only?: readonly string[];
}

/**
 * What a seed alone may draw: each concept of the training pictures, as rows of its group, subgroup and words. Held-out
 * concepts stay out, so that their words together were never seen.
 */
export function listSubjects(
  { pictures }: Pick<Manifest, "pictures">,
  layout: ConditionLayout,
  { only = [] }: ListSubjectsOptions = {},
): Subjects {
  const rowsOf = (section: "group" | "subgroup", value = "") => {
    const { offset = 0, values = [] } = layout[section] ?? {};
    const index = values.indexOf(value);
    return index < 0 ? [] : [offset + index];
  };
  const subjects = new Map<string, number[]>();
  for (const entry of pictures) {
    const { concept, group = "", subgroup = "", split } = entry;
    const listed = only.length === 0 ||
      only.some((start) =>
        group.startsWith(start) || subgroup.startsWith(start)
      );
    if (split !== "train" || !listed || subjects.has(concept)) continue;
    subjects.set(concept, [
      ...rowsOf("group", group),
      ...rowsOf("subgroup", subgroup),
      ...entry.words.map((word) => (layout.word?.offset ?? 0) + word),
    ]);
  }
  return [...subjects.values()];
}
