import assert from "node:assert/strict";
import { UsageError } from "../../train/options.ts";
import { parseNumbers, parseTexts } from "../../train/parse_list.ts";

Deno.test("parseNumbers() reads numbers between commas", () => {
  assert.deepEqual(parseNumbers("steps", "4, 50,0.5"), [4, 50, 0.5]);
});

Deno.test("parseNumbers() refuses what is no number and names the option", () => {
  for (const list of ["", "4,", "four", "-1", "NaN", "1e999"]) {
    assert.throws(
      () => parseNumbers("steps", list),
      (error) =>
        error instanceof UsageError && error.message.includes("--steps"),
    );
  }
});

Deno.test("parseTexts() reads texts between commas and refuses empty ones", () => {
  assert.deepEqual(parseTexts("sampler", "ddim, heun"), ["ddim", "heun"]);
  assert.throws(() => parseTexts("sampler", "ddim,,heun"), UsageError);
});
