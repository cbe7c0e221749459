/**
 * Writes `table.json`, which lets prompts be written in many languages: `deno run -A edge/prompts/compile.ts`.
 *
 * Each keyword of Unicode's CLDR annotations marks a set of emoji, in every language. A foreign keyword means the English
 * word whose set is most like its own.
 *
 * @module
 */

import { normalize } from "./normalize.ts";
import type { PromptTable } from "./table.ts";

const CLDR = "npm:cldr-annotations-full@48.2.0/annotations";
const EMOJIBASE = "npm:emojibase-data@17.0.0/en";

/** In the order in which they win when languages disagree. */
const LANGUAGES =
  ("en es fr de pt it nl ru zh zh-Hant ja ko ar hi id tr pl uk vi th sv da no fi cs sk hu ro el he fa bg hr sr sl lt lv et ca " +
    "bn ta te mr ur ms fil sw af").split(" ");

/** Likeness of two sets, in [0, 1], from which a keyword is taken for a translation. */
const ALIKE = 0.2;

interface Emoji {
  emoji: string;
  label: string;
  tags?: string[];
  group?: number;
  subgroup?: number;
  gender?: number;
}

interface Messages {
  groups: { key: string; order: number }[];
  subgroups: { key: string; order: number }[];
}

interface Annotations {
  annotations: {
    annotations: Record<string, { default?: string[]; tts?: string[] }>;
  };
}

async function readJson<T>(specifier: string): Promise<T> {
  const { default: json } = await import(specifier, { with: { type: "json" } });
  return json;
}

/** An emoji without what makes its variants differ. */
function plain(emoji: string): string {
  return emoji.replaceAll("\uFE0F", "");
}

const entries = await readJson<Emoji[]>(`${EMOJIBASE}/data.json`);
const messages = await readJson<Messages>(`${EMOJIBASE}/messages.json`);
const groups = new Map(messages.groups.map(({ key, order }) => [order, key]));
const subgroups = new Map(
  messages.subgroups.map(({ key, order }) => [order, key]),
);
const concepts = entries.filter(({ emoji, group }) =>
  groups.has(group ?? -1) &&
  !["component", "flags"].includes(groups.get(group!)!) && !/[♀♂]/.test(emoji)
);
const conceptOf = new Map(
  concepts.map(({ emoji }, index) => [plain(emoji), index]),
);

// English words and the concepts they stand for.
const marked = new Map<string, Set<number>>();
const wordsOf = concepts.map(({ label, tags = [] }, index) => {
  const words = new Set(normalize([label, ...tags].join(" ")).split(" "));
  for (const word of words) {
    marked.set(word, (marked.get(word) ?? new Set()).add(index));
  }
  return words;
});
const words = [...marked].filter(([, where]) => where.size > 1).map(([word]) =>
  word
).sort();
const wordIndex = new Map(words.map((word, index) => [word, index]));

const names: Record<string, string> = {};
const keywords: Record<string, string> = {};
for (const language of LANGUAGES) {
  const { annotations } =
    (await readJson<Annotations>(`${CLDR}/${language}/annotations.json`))
      .annotations;
  const found: string[] = concepts.map(() => "");
  const sets = new Map<string, Set<number>>();
  for (
    const [emoji, { default: marks = [], tts = [] }] of Object.entries(
      annotations,
    )
  ) {
    const concept = conceptOf.get(plain(emoji));
    if (concept === undefined) continue;
    found[concept] = normalize(tts[0] ?? "");
    for (const mark of marks) {
      const keyword = normalize(mark);
      if (keyword === "" || keyword.split(" ").length > 3) continue;
      sets.set(keyword, (sets.get(keyword) ?? new Set()).add(concept));
    }
  }
  names[language] = found.join("|");
  const translations: string[][] = words.map(() => []);
  for (const [keyword, set] of sets) {
    if (language === "en" && wordIndex.has(keyword)) continue;
    const word = translate(set);
    if (word !== undefined) translations[word]!.push(keyword);
  }
  keywords[language] = translations.map((list) => list.sort().join(",")).join(
    "|",
  );
}

/** The English word whose set of concepts is most like `set`. */
function translate(set: Set<number>): number | undefined {
  if (set.size < 2) return undefined;
  let best: number | undefined;
  let most = ALIKE;
  const candidates = new Set(
    [...set].flatMap((concept) => [...wordsOf[concept]!]),
  );
  for (const word of [...candidates].sort()) {
    const other = marked.get(word)!;
    const common = set.intersection(other).size;
    const score = common ** 2 / (set.size * other.size);
    if (score > most && wordIndex.has(word)) {
      most = score;
      best = wordIndex.get(word);
    }
  }
  return best;
}

const table: PromptTable = {
  words: words.join("|"),
  concepts: concepts.map(({ emoji, group, subgroup }, index) =>
    [
      plain(emoji),
      groups.get(group!)!,
      subgroups.get(subgroup!)!,
      [...wordsOf[index]!].flatMap((word) => wordIndex.get(word) ?? []).join(
        " ",
      ),
    ].join("|")
  ),
  names,
  keywords,
};
const path = new URL("table.json", import.meta.url);
await Deno.writeTextFile(path, JSON.stringify(table, undefined, 1));
console.log(
  `${words.length} words, ${concepts.length} concepts, ${LANGUAGES.length} languages, ${
    (await Deno.stat(path)).size
  } bytes`,
);
