import assert from "node:assert/strict";
import { UsageError } from "../../train/options.ts";
import { parseSeeds } from "../../train/parse_seeds.ts";

Deno.test("parseSeeds() reads ranges, integers and texts in their order", () => {
  assert.deepEqual(parseSeeds("3-6,100,cat"), [3, 4, 5, 6, 100, "cat"]);
  assert.deepEqual(parseSeeds("7-7"), [7]);
  assert.deepEqual(parseSeeds("grinning-face"), ["grinning-face"]);
});

Deno.test("parseSeeds() refuses what is no list of seeds", () => {
  for (const list of ["", "1,,2", "6-3", "0-100000", "9007199254740992"]) {
    assert.throws(() => parseSeeds(list), UsageError, list);
  }
});
