/**
 * Text as prompts are compared: lower case, without accents of Latin, Greek and Cyrillic letters, punctuation and outer
 * spaces; words separated by one space.
 */
export function normalize(text: string): string {
  return text.normalize("NFD").toLowerCase().replaceAll(
    /[\u0300-\u036f'’`]/g,
    "",
  )
    .normalize("NFC").replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, " ").trim();
}
