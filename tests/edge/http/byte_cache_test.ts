import assert from "node:assert/strict";
import { ByteCache } from "../../../edge/http/byte_cache.ts";

Deno.test("ByteCache drops the least recently used files", () => {
  const cache = new ByteCache(100);
  for (let i = 0; i < 10; i++) cache.set(`${i}`, new Uint8Array(10));
  cache.get("0");
  cache.set("10", new Uint8Array(10));
  assert.equal(cache.get("1"), undefined);
  assert.equal(cache.get("0")?.length, 10);
  assert.equal(cache.size, 100);
});

Deno.test("ByteCache replaces files and leaves large ones out", () => {
  const cache = new ByteCache(100);
  cache.set("a", new Uint8Array(10));
  cache.set("a", new Uint8Array(5));
  assert.equal(cache.size, 5);
  cache.set("b", new Uint8Array(13));
  assert.equal(cache.get("b"), undefined);
  const none = new ByteCache(0);
  none.set("a", new Uint8Array(1));
  assert.equal(none.size, 0);
});
