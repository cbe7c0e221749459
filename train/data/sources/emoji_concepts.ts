import { readPackageFile } from "../package_file.ts";

/** One emoji without its skin tones and genders: what a picture shows, in any style. */
export interface Concept {
  /** Code points in lower-case hexadecimal joined by "-", without variation selectors: "1f600". */
  readonly concept: string;
  /** The emoji itself: "😀". */
  readonly emoji: string;
  /** CLDR short name: "grinning face". */
  readonly label: string;
  /** What people type for it in chats, GitHub's shortcodes: "cat" for the face of a cat, "car" and "red car". */
  readonly names: readonly string[];
  /** Emoji group: "smileys-emotion". */
  readonly group: string;
  /** Emoji subgroup: "face-smiling". */
  readonly subgroup: string;
  /** Distinct lower-case words of the label and the keywords, without stop words. */
  readonly words: readonly string[];
}

interface EmojibaseEntry {
  hexcode: string;
  emoji: string;
  label: string;
  tags?: string[];
  group?: number;
  subgroup?: number;
  gender?: number;
}

interface EmojibaseMessages {
  groups: { key: string; order: number }[];
  subgroups: { key: string; order: number }[];
}

const DROPPED_GROUPS = new Set(["component", "flags"]);

/** Neutral people who are one family or one haircut away from another emoji that is kept. */
const VARIANT_OF_PERSON = /^1f9d1-200d-(?:1f9d[1-3]|1f9b[0-3])/;

const STOP_WORDS = new Set(
  ("a an and are as at be but by for from has have in into is it its me my no non not of off on or other so that the " +
    "their them then there these this to too up us was we were what when who why will with you your im oh do does dont cant")
    .split(" "),
);

/** Spells a code point sequence as the data set does: "1F9D4-200D-2642-FE0F" is "1f9d4-200d-2642". */
export function conceptKey(hexcode: string): string {
  return hexcode.toLowerCase().split("-").filter((point) => point !== "fe0f")
    .join("-");
}

/** Splits text into lower-case words without accents, punctuation, stop words and lone letters; each word once. */
export function wordsOf(...texts: string[]): string[] {
  const plain = texts.join(" ").toLowerCase().normalize("NFD").replace(
    /[\u0300-\u036f’']/g,
    "",
  );
  const words = plain.split(/[^a-z0-9]+/).filter((word) =>
    !/^[a-z]?$/.test(word) && !STOP_WORDS.has(word)
  );
  return [...new Set(words)];
}

/**
 * Reads every concept of emojibase-data (npm), in the Unicode order.
 *
 * Skin tones are nested below their emoji there and never seen. Dropped: flags (a flag is a
 * picture of a code, not of a thing, and the 258 country flags would be a sixth of the set),
 * components, men and women of an emoji whose neutral person is kept, families and haircuts
 * joined from several emoji, and "facing right" forms. Keycaps stay: thirteen flat and simple
 * pictures with a subgroup of their own.
 *
 * @param only Beginnings of the groups or subgroups to keep.
 * @throws {RangeError} If one of `only` begins no group or subgroup.
 */
export async function readConcepts(
  only: readonly string[] = [""],
): Promise<Concept[]> {
  const entries: EmojibaseEntry[] = JSON.parse(
    await readPackageFile("emojibase-data/en/data.json"),
  );
  const messages: EmojibaseMessages = JSON.parse(
    await readPackageFile("emojibase-data/en/messages.json"),
  );
  const shortcodes: Record<string, string | string[]> = JSON.parse(
    await readPackageFile("emojibase-data/en/shortcodes/github.json"),
  );
  const names = new Map(
    Object.entries(shortcodes).map(([hexcode, codes]) => [
      conceptKey(hexcode),
      [codes].flat().map((code) => code.replaceAll("_", " ")),
    ]),
  );
  const groups = new Map(messages.groups.map(({ key, order }) => [order, key]));
  const subgroups = new Map(
    messages.subgroups.map(({ key, order }) => [order, key]),
  );
  const concepts = entries.flatMap((entry) => {
    const concept = conceptKey(entry.hexcode);
    const group = groups.get(entry.group ?? -1);
    const subgroup = subgroups.get(entry.subgroup ?? -1);
    if (
      group === undefined || subgroup === undefined || DROPPED_GROUPS.has(group)
    ) return [];
    if (isVariant(concept, entry)) return [];
    const words = wordsOf(entry.label, ...(entry.tags ?? []));
    return [{
      concept,
      emoji: entry.emoji,
      label: entry.label,
      names: names.get(concept) ?? [],
      group,
      subgroup,
      words,
    }];
  });
  for (const start of only) {
    if (!concepts.some((concept) => begins(concept, start))) {
      throw new RangeError(
        `Cannot choose emoji as a group or subgroup must begin with the given text: current value is ${start}`,
      );
    }
  }
  return concepts.filter((concept) =>
    only.some((start) => begins(concept, start))
  );
}

function begins({ group, subgroup }: Concept, start: string): boolean {
  return group.startsWith(start) || subgroup.startsWith(start);
}

function isVariant(concept: string, { gender }: EmojibaseEntry): boolean {
  if (!concept.includes("-200d-")) return false;
  return gender !== undefined || /^1f46[89]-/.test(concept) ||
    VARIANT_OF_PERSON.test(concept) ||
    concept.endsWith("-200d-27a1");
}
