/** A run of rows of the embedding table: one a value, then one for "none given". */
export interface ConditionSection {
  /** Row of the first value. */
  readonly offset: number;
  /** The values, in the order of their rows. */
  readonly values: readonly string[];
}

/** A run of rows of the embedding table that numbers are written to. */
export interface Features {
  /** First row. */
  readonly offset: number;
  /** How many. */
  readonly count: number;
}

/** The vocabulary of a conditional model. */
export interface ConditionLayout {
  /** Rows of the embedding table, and the length of the condition vector. */
  readonly size: number;
  /** Drawing styles, by source: "noto", "twemoji", … */
  readonly style?: ConditionSection;
  /** Unicode's groups of emoji. */
  readonly group?: ConditionSection;
  /** Unicode's subgroups of emoji. */
  readonly subgroup?: ConditionSection;
  /** Keywords. */
  readonly word?: ConditionSection;
  /** What was done to a training picture; always off when sampling. Has no null row. */
  readonly augment?: ConditionSection;
  /** How far a step goes, for networks distilled to few steps; see `stepFeatures()`. */
  readonly step?: Features;
}

/** What to draw; what is left out is left to the model. */
export interface Condition {
  /** One of the layout's styles. */
  readonly style?: string | undefined;
  /** One of the layout's groups. */
  readonly group?: string | undefined;
  /** One of the layout's subgroups. */
  readonly subgroup?: string | undefined;
  /** Any number of the layout's words, without repetition. */
  readonly words?: readonly string[] | undefined;
  /** Augmentations with their strengths; for training only. */
  readonly augment?: Readonly<Record<string, number>> | undefined;
}

/**
 * Writes a condition as weights of the rows of an embedding table: 1 for the style, group and subgroup,
 * 1/√n for each of n words (so that the sum keeps its variance), and 1 for the null row of each that is absent.
 *
 * @param layout The model's vocabulary.
 * @param condition What to draw; `{}` is the unconditional vector that guidance needs.
 * @returns `layout.size` weights.
 * @throws {RangeError} If a value is not in the vocabulary.
 */
export function encodeCondition(
  layout: ConditionLayout,
  condition: Condition = {},
): Float32Array {
  const vector = new Float32Array(layout.size);
  for (const name of ["style", "group", "subgroup"] as const) {
    const value = condition[name];
    const section = layout[name];
    if (section === undefined) {
      if (value !== undefined) {
        throw new RangeError(
          `Cannot encode condition as the model has no ${name}: current value is ${value}`,
        );
      }
      continue;
    }
    vector[
      value === undefined ? nullRow(section) : rowOf(section, name, value)
    ] = 1;
  }
  const words = condition.words ?? [];
  if (layout.word !== undefined) {
    if (words.length === 0) vector[nullRow(layout.word)] = 1;
    for (const word of words) {
      vector[rowOf(layout.word, "word", word)] = 1 / Math.sqrt(words.length);
    }
  } else if (words.length > 0) {
    throw new RangeError(
      `Cannot encode condition as the model has no words: current value is ${
        words.join(", ")
      }`,
    );
  }
  for (const [name, strength] of Object.entries(condition.augment ?? {})) {
    if (layout.augment === undefined) {
      throw new RangeError(
        `Cannot encode condition as the model has no augmentations: current value is ${name}`,
      );
    }
    vector[rowOf(layout.augment, "augment", name)] = strength;
  }
  return vector;
}

/**
 * Rows of the embedding table that the group, the subgroup and the words of a condition have, ascending.
 *
 * @throws {RangeError} If a value is not in the vocabulary.
 */
export function subjectRows(
  layout: ConditionLayout,
  { group, subgroup, words }: Condition,
): number[] {
  const weights = encodeCondition(layout, { group, subgroup, words });
  for (const name of ["style", "group", "subgroup", "word"] as const) {
    const section = layout[name];
    if (section) weights[nullRow(section)] = 0;
  }
  return [...weights.keys()].filter((row) => weights[row]! > 0);
}

/** Row that stands for "none given". */
export function nullRow(section: ConditionSection): number {
  return section.offset + section.values.length;
}

function rowOf(section: ConditionSection, name: string, value: string): number {
  const index = section.values.indexOf(value);
  if (index < 0) {
    const known = section.values.slice(0, 12).join(", ") +
      (section.values.length > 12 ? ", …" : "");
    throw new RangeError(
      `Cannot encode condition as ${name} must be one of ${known}: current value is ${value}`,
    );
  }
  return section.offset + index;
}
