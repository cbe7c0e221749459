/** What a prompt means to a model. */
export interface PromptMeaning {
  /** Words of the model's vocabulary, in its order, each once. */
  readonly words: readonly string[];
  /** Words that the model does not know, in lower case, in the order of the prompt. */
  readonly unknown: readonly string[];
  /** Group of emoji, where the prompt names one. */
  readonly group?: string;
  /** Subgroup of emoji, where the prompt names one. */
  readonly subgroup?: string;
}

/** Reads a prompt in a model's vocabulary. */
export type PromptReader = (prompt: string) => PromptMeaning;

/**
 * Reads prompts word by word: those of the vocabulary as they are, others by their singular.
 *
 * @param vocabulary The model's words.
 */
export function wordReader(vocabulary: readonly string[]): PromptReader {
  const known = new Set(vocabulary);
  return (prompt) => {
    const words = new Set<string>();
    const unknown = new Set<string>();
    for (const word of prompt.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
      const found = [word, word.replace(/s$/, "")].find((form) =>
        known.has(form)
      );
      if (found === undefined) unknown.add(word);
      else words.add(found);
    }
    return {
      words: vocabulary.filter((word) => words.has(word)),
      unknown: [...unknown],
    };
  };
}
