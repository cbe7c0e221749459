import assert from "node:assert/strict";
import { seedFromString, seedWords } from "@emoji/diffusion/random";

Deno.test("seedFromString() is 64-bit FNV-1a of the UTF-8 bytes", () => {
  // http://www.isthe.com/chongo/src/fnv/test_fnv.c: "", "foobar"; the others by an independent Python FNV-1a.
  assert.equal(seedFromString(""), 0xcbf29ce484222325n);
  assert.equal(seedFromString("foobar"), 0x85944171f73967e8n);
  assert.equal(seedFromString("kitten"), 5815501225788527822n);
  assert.equal(seedFromString("é"), 775207407765167617n);
});

Deno.test("seedWords() splits integers, and hashes text even if it looks like a number", () => {
  assert.deepEqual(seedWords(2 ** 32 + 5), [5, 1]);
  assert.deepEqual(seedWords((1n << 64n) - 1n), [2 ** 32 - 1, 2 ** 32 - 1]);
  assert.notDeepEqual(seedWords("5"), seedWords(5));
});
