import assert from "node:assert/strict";
import { etagOf } from "../../../edge/http/etag.ts";
import type { EmojiRequest } from "../../../edge/request/request.ts";

const request: EmojiRequest = {
  model: "emoji-64",
  seed: 42,
  n: 1,
  words: [],
  unknown: [],
  steps: 4,
  sampler: "ddim",
  eta: 1,
  guidance: 1.4,
  size: 64,
  resample: "smooth",
  format: "png",
};

Deno.test("etagOf() tells a request from one that was made to have the tag of another", async () => {
  // Both have the same 64 bits of two chains of multiplications and shifts, which can be undone.
  const seed = "J9YGgXKvSEyK8mUyn3zed.apMDdt4opWmWRoee~*FCyk*AwiENgj0faoxty1x" +
    "fpahn*URZ7AmYa15kYVM*SX~HrBMgv0Wug~B_nnmX*NbyVwTR08nrRKBjzbL8HBeG";
  assert.notEqual(
    await etagOf("a", { ...request, seed }),
    await etagOf("a", request),
  );
});

Deno.test("etagOf() names artifact and request, weakly for JSON", async () => {
  const tag = await etagOf("a", request);
  assert.match(tag, /^"a-[0-9a-f]{32}"$/);
  assert.equal(await etagOf("a", { ...request }), tag);
  assert.match(await etagOf("a", { ...request, format: "json" }), /^W\/"a-/);
});
