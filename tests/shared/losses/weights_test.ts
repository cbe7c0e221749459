import assert from "node:assert/strict";
import { edmWeight } from "@emoji/diffusion/losses";

Deno.test("edmWeight() is 1 / c_out²", () => {
  for (const sigma of [0.002, 0.5, 80]) {
    const cOut = sigma * 0.5 / Math.hypot(sigma, 0.5);
    assert.ok(Math.abs(edmWeight(sigma, 0.5) * cOut ** 2 - 1) < 1e-12);
  }
});
