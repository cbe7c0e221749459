import assert from "node:assert/strict";
import {
  type PromptReader,
  promptReader,
} from "../../../edge/prompts/prompt.ts";
import { promptIndex } from "../../../edge/prompts/table.ts";
import { canonicalQuery } from "../../../edge/request/canonical_query.ts";
import type { EmojiRequest } from "../../../edge/request/request.ts";
import { fakeApp, get, json } from "../fixtures.ts";

const request: EmojiRequest = {
  model: "tiny",
  seed: 1,
  n: 1,
  words: [],
  unknown: [],
  steps: 5,
  sampler: "euler",
  eta: 0,
  guidance: 1,
  size: 32,
  resample: "smooth",
  format: "png",
};

/** Reads prompts in a vocabulary. */
function readerOf(values: string[]): PromptReader {
  return promptReader({
    size: values.length + 1,
    word: { offset: 0, values },
  });
}

/** Checks that the words of a prompt are those that the canonical query of its request asks for. */
function assertKept(read: PromptReader, prompt: string): void {
  const { words } = read(prompt);
  const query = new URLSearchParams(canonicalQuery({ ...request, words }));
  const again = read(query.get("prompt") ?? "");
  assert.deepEqual(again, { words, unknown: [] }, prompt);
}

const { emoji, names, words } = promptIndex();
const vocabulary = [...new Set(words.values())];

Deno.test("canonicalQuery() asks for the words of every emoji, name and keyword, whatever they mean together", () => {
  const read = readerOf(vocabulary);
  const prompts = [emoji, names, words].flatMap((map) => [...map.keys()]);
  for (const prompt of new Set(prompts)) assertKept(read, prompt);
  assertKept(read, vocabulary.join("|"));
});

Deno.test("canonicalQuery() asks for the words that a small vocabulary has", () => {
  const read = readerOf(vocabulary.filter((_, k) => k % 2 === 0));
  for (const prompt of emoji.keys()) assertKept(read, prompt);
  const silent = ["die", "lo", "on", "van"]; // words that mean nothing in some language
  for (const word of silent) assertKept(readerOf(silent), word);
  assertKept(readerOf(silent), silent.join("|"));
});

Deno.test("GET /emoji takes the canonical query of every prompt, however many words it means", async () => {
  const { app } = fakeApp({ limits: { promptLength: 20 } });
  const answer = await get(app, "/emoji.json?seed=1&prompt=😺❤🍎apple+smile");
  const { url, parameters, image } = await json(answer);
  const { words } = parameters as { words: string[] };
  assert.ok(words.join("|").length > 20, words.join());
  const bytes = await (await fetch(image as string)).bytes();
  assert.deepEqual(await (await get(app, url as string)).bytes(), bytes);
  for (const prompt of ["zyzzyva|apple|cat|face|heart", "apple|".repeat(9)]) {
    const path = `/emoji?seed=1&prompt=${encodeURIComponent(prompt)}`;
    assert.equal((await get(app, path)).status, 400, prompt);
  }
});
