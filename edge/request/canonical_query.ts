import { SEPARATOR } from "../prompts/prompt.ts";
import type { EmojiRequest } from "./request.ts";

/** The query of `/emoji` that asks for `request` with nothing left to defaults. */
export function canonicalQuery(request: EmojiRequest): string {
  const { words, unknown: _, edited: __, background, ...rest } = request;
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(rest)) {
    if (value !== undefined) query.set(name, String(value));
  }
  if (words.length > 0) query.set("prompt", words.join(SEPARATOR));
  if (background !== undefined) query.set("background", background);
  query.sort();
  return query.toString();
}
