/**
 * What the classifier tells apart: groups, subgroups and styles, one run of logits each.
 *
 * @module
 */

import type { PictureEntry, Vocabularies } from "../dataset.ts";

/** Values of each label, in the order of their logits. */
export type Labels = Pick<Vocabularies, "groups" | "subgroups" | "styles">;

/** Kinds of label, in the order of their logits. */
export const LABEL_KINDS = ["groups", "subgroups", "styles"] as const;

/** One of {@linkcode LABEL_KINDS}. */
export type LabelKind = (typeof LABEL_KINDS)[number];

/** Number of logits. */
export function labelCount(labels: Labels): number {
  return LABEL_KINDS.reduce((sum, kind) => sum + labels[kind].length, 0);
}

/** Index of a picture's value of a kind, −1 where it is unknown. */
export function labelOf(
  labels: Labels,
  kind: LabelKind,
  entry: Pick<PictureEntry, "group" | "subgroup" | "style">,
): number {
  const value = {
    groups: entry.group,
    subgroups: entry.subgroup,
    styles: entry.style,
  }[kind];
  return value === undefined ? -1 : labels[kind].indexOf(value);
}

/** First logit of a kind. */
export function labelOffset(labels: Labels, kind: LabelKind): number {
  let offset = 0;
  for (const other of LABEL_KINDS) {
    if (other === kind) break;
    offset += labels[other].length;
  }
  return offset;
}
