import type { ConditionLayout } from "@emoji/diffusion/condition";
import { normalize } from "./normalize.ts";
import { type Concept, promptIndex } from "./table.ts";

/** What a prompt means to a model. */
export interface PromptMeaning {
  /** Words of the model's vocabulary, in its order, each once. */
  readonly words: readonly string[];
  /** Words that the model does not know, in lower case, in the order of the prompt. */
  readonly unknown: readonly string[];
  /** Group of emoji, where the prompt is the name of an emoji. */
  readonly group?: string;
  /** Subgroup of emoji, where the prompt is the name of an emoji. */
  readonly subgroup?: string;
}

/** Reads a prompt in a model's vocabulary. */
export type PromptReader = (prompt: string) => PromptMeaning;

/** What stands between parts of a prompt that are read each by itself. */
export const SEPARATOR = "|";

/** Most words of a phrase that stands for one. */
const PHRASE_WORDS = 4;

/** Most characters of a word in scripts that leave no spaces. */
const UNSPACED_LENGTH = 8;

/** Prompts whose meaning is remembered. */
const MEMORY = 1000;

/** Articles and the like, which mean nothing to a picture but are words for things in other languages. */
const SILENT = new Set(
  ("a an the of with and in on to for der die das den dem ein eine einen und mit im am auf la le les un une et avec de du des " +
    "el los las y con del una il lo gli di che o os as um uma com do da na no i og och en met het van ja")
    .split(" "),
);

/**
 * Makes the reader of a model's prompts: the name of an emoji in many languages, or an emoji, means all that it shows;
 * anything else is read word by word. Words with a {@linkcode SEPARATOR} between them never make a phrase or name, so
 * that words of the vocabulary joined by it mean themselves.
 *
 * @param layout The model's vocabulary; absent for unconditional models, which know no words.
 */
export function promptReader(
  layout: ConditionLayout | undefined,
): PromptReader {
  const vocabulary = layout?.word?.values ?? [];
  const known = new Set(vocabulary);
  const memory = new Map<string, PromptMeaning>();
  return (prompt) => {
    let meaning = memory.get(prompt);
    if (meaning === undefined) {
      meaning = read(prompt);
      if (memory.size >= MEMORY) memory.clear();
      memory.set(prompt, meaning);
    }
    return meaning;
  };

  function read(prompt: string): PromptMeaning {
    if (prompt === "") return { words: [], unknown: [] };
    const { emoji, names } = promptIndex();
    const found = new Set<string>();
    const unknown: string[] = [];
    const concepts: Concept[] = [];
    const rest = prompt.replaceAll(
      /\p{RGI_Emoji}|\p{Extended_Pictographic}/gv,
      (character) => {
        const concept = emoji.get(plainEmoji(character));
        if (concept === undefined || !shows(concept)) unknown.push(character);
        else concepts.push(concept);
        return " ";
      },
    );
    const parts = rest.split(SEPARATOR).map(normalize).filter(Boolean);
    const [text = ""] = parts;
    // A single known word stays a word: it says less than an emoji's name, and leaves the model more freedom.
    const named = parts.length > 1 || known.has(text)
      ? undefined
      : names.get(text);
    if (named !== undefined && shows(named)) concepts.push(named);
    else for (const part of parts) readPart(part, found, unknown);
    for (const { words } of concepts) {
      for (const word of words) if (known.has(word)) found.add(word);
    }
    const words = vocabulary.filter((word) => found.has(word));
    const [concept] = concepts;
    if (concepts.length !== 1 || (named === undefined && parts.length > 0)) {
      return { words, unknown };
    }
    return {
      words,
      unknown,
      ...(layout?.group?.values.includes(concept!.group) &&
        { group: concept!.group }),
      ...(layout?.subgroup?.values.includes(concept!.subgroup) &&
        { subgroup: concept!.subgroup }),
    };
  }

  /** Whether a concept means anything to the model. */
  function shows({ words }: Concept): boolean {
    return words.some((word) => known.has(word));
  }

  /** Takes a known word as it is, else the longest phrase that is known, from the left on. */
  function readPart(
    text: string,
    found: Set<string>,
    unknown: string[],
  ): void {
    if (known.has(text)) {
      found.add(text);
      return;
    }
    const tokens = text.split(" ");
    for (let at = 0; at < tokens.length;) {
      if (SILENT.has(tokens[at]!)) {
        at++;
        continue;
      }
      let length = Math.min(PHRASE_WORDS, tokens.length - at);
      let meaning: string[] | undefined;
      for (; length > 0; length--) {
        meaning = lookUp(tokens.slice(at, at + length).join(" "));
        if (meaning !== undefined) break;
      }
      meaning ??= unspaced(tokens[at]!);
      if (meaning !== undefined) {
        for (const word of meaning) found.add(word);
      } else unknown.push(tokens[at]!);
      at += Math.max(1, length);
    }
  }

  /** Words of the vocabulary for a word or phrase. */
  function lookUp(phrase: string): string[] | undefined {
    if (known.has(phrase)) return [phrase];
    const { words, names } = promptIndex();
    for (const form of forms(phrase)) {
      const word = known.has(form) ? form : words.get(form);
      if (word !== undefined && known.has(word)) return [word];
    }
    const name = names.get(phrase)?.name.filter((word) => known.has(word)) ??
      [];
    return name.length > 0 ? name : undefined;
  }

  /** Words in a text without spaces, as Chinese, Japanese and Thai have it. */
  function unspaced(token: string): string[] | undefined {
    if (!/[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}]/u.test(token)) {
      return undefined;
    }
    const characters = [...token];
    const found: string[] = [];
    for (let at = 0; at < characters.length;) {
      let length = Math.min(UNSPACED_LENGTH, characters.length - at);
      for (; length > 0; length--) {
        const words = lookUp(characters.slice(at, at + length).join(""));
        if (words === undefined) continue;
        found.push(...words);
        break;
      }
      at += Math.max(1, length);
    }
    return found.length > 0 ? found : undefined;
  }
}

/** A word and what it may be a form of: singulars of English. */
function forms(word: string): string[] {
  return [
    word,
    word.replace(/ies$/, "y"),
    word.replace(/(?<=[sxzh])es$/, ""),
    word.replace(/(?<=[^s])s$/, ""),
  ];
}

/** An emoji without variation selectors, skin tones and gender. */
function plainEmoji(character: string): string {
  return character.replaceAll(/\uFE0F|[\u{1F3FB}-\u{1F3FF}]|\u200D[♀♂]/gu, "");
}
