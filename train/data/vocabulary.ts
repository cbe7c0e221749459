import type { PictureLabels } from "./source.ts";

/**
 * The words worth an embedding row: those of at least `minConcepts` of the given pictures' concepts. A word of one
 * concept alone would be a label of a handful of pictures, which teaches a network to memorise them.
 *
 * @param pictures Labels of the training pictures.
 * @returns Words in alphabetical order.
 */
export function wordVocabulary(
  pictures: Iterable<PictureLabels>,
  minConcepts = 2,
): string[] {
  const concepts = new Map<string, Set<string>>();
  for (const { concept, words = [] } of pictures) {
    for (const word of words) {
      const seen = concepts.get(word);
      if (seen === undefined) concepts.set(word, new Set([concept]));
      else seen.add(concept);
    }
  }
  return [...concepts].filter(([, seen]) => seen.size >= minConcepts)
    .map(([word]) => word).sort();
}

/** The distinct values that are known, in order of appearance. */
export function distinct(values: Iterable<string | undefined>): string[] {
  return [...new Set(values)].filter((value) => value !== undefined);
}
