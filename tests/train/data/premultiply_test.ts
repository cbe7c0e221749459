import assert from "node:assert/strict";
import { premultiply, straighten } from "../../../train/data/premultiply.ts";

Deno.test("premultiply() multiplies colours by alpha and rounds", () => {
  assert.deepEqual([
    ...premultiply(Uint8Array.of(255, 100, 1, 128, 9, 9, 9, 0)),
  ], [128, 50, 1, 128, 0, 0, 0, 0]);
});

Deno.test("straighten() is undone by premultiply() for every colour and alpha", () => {
  for (let alpha = 1; alpha < 256; alpha++) {
    for (let value = 0; value <= alpha; value++) {
      const pixel = Uint8Array.of(value, 0, alpha, alpha);
      assert.deepEqual(premultiply(straighten(pixel)), pixel);
    }
  }
});
