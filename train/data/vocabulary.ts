import type { Concept } from "./emoji_metadata.ts";
import { splitOf } from "./split.ts";

/**
 * The words worth an embedding row: those of at least `minConcepts` training concepts. A word of
 * one concept alone would be a label of a handful of pictures, which teaches a network to memorise them.
 *
 * @returns Words in alphabetical order.
 */
export function wordVocabulary(
  concepts: readonly Concept[],
  minConcepts = 2,
): string[] {
  const counts = new Map<string, number>();
  for (const { concept, words } of concepts) {
    if (splitOf(concept) !== "train") continue;
    for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts].filter(([, count]) => count >= minConcepts).map(([word]) =>
    word
  ).sort();
}
