import json from "./table.json" with { type: "json" };

/** What `compile.ts` writes. Lists are joined by "|". */
export interface PromptTable {
  /** English words. */
  readonly words: string;
  /** Emoji, group, subgroup and places of words, the latter joined by spaces. */
  readonly concepts: readonly string[];
  /** By language: the name of each concept. */
  readonly names: Readonly<Record<string, string>>;
  /** By language: for each word, what means the same, joined by commas. */
  readonly keywords: Readonly<Record<string, string>>;
}

/** What an emoji shows. */
export interface Concept {
  /** Unicode's group. */
  readonly group: string;
  /** Unicode's subgroup. */
  readonly subgroup: string;
  /** English words. */
  readonly words: readonly string[];
  /** The words of its English name. */
  readonly name: readonly string[];
}

/** The table, ready to look things up in. */
export interface PromptIndex {
  /** The English word that a word or phrase stands for. */
  readonly words: ReadonlyMap<string, string>;
  /** The emoji of a name. */
  readonly names: ReadonlyMap<string, Concept>;
  /** What an emoji, without variation selectors, shows. */
  readonly emoji: ReadonlyMap<string, Concept>;
}

let index: PromptIndex | undefined;

/** The table. The first call takes some milliseconds. */
export function promptIndex(): PromptIndex {
  return index ??= buildIndex(json);
}

function buildIndex(table: PromptTable): PromptIndex {
  const english = table.words.split("|");
  const words = new Map(english.map((word) => [word, word]));
  for (const list of Object.values(table.keywords)) {
    list.split("|").forEach((keywords, at) => {
      for (const keyword of keywords.split(",")) {
        if (keyword !== "" && !words.has(keyword)) {
          words.set(keyword, english[at]!);
        }
      }
    });
  }
  const { en = "" } = table.names;
  const englishNames = en.split("|");
  const emoji = new Map<string, Concept>();
  const concepts = table.concepts.map((text, at) => {
    const [character, group, subgroup, places] = text.split("|") as [
      string,
      string,
      string,
      string,
    ];
    const concept = {
      group,
      subgroup,
      words: places.split(" ").filter(Boolean).map((place) =>
        english[Number(place)]!
      ),
      name: englishNames[at]!.split(" "),
    };
    emoji.set(character, concept);
    return concept;
  });
  const names = new Map<string, Concept>();
  for (const list of Object.values(table.names)) {
    list.split("|").forEach((name, at) => {
      if (name !== "" && !names.has(name)) names.set(name, concepts[at]!);
    });
  }
  return { words, names, emoji };
}
