import assert from "node:assert/strict";
import { karrasLevels, lastLevels, levelsBelow } from "@emoji/diffusion/steps";

const levels = karrasLevels(10);

Deno.test("lastLevels() keeps floor(n * strength) steps, as diffusers' image-to-image", () => {
  assert.deepEqual(lastLevels(levels, 1), levels);
  assert.deepEqual(lastLevels(levels, 0.8), levels.slice(2));
  assert.deepEqual(lastLevels(levels, 0.55), levels.slice(5));
  for (const strength of [0, -1, 1.1, NaN, 0.05]) {
    assert.throws(() => lastLevels(levels, strength), /'strength' must/);
  }
});

Deno.test("levelsBelow() asks for the noise itself", () => {
  const kept = levelsBelow(levels, 5);
  assert.ok(
    kept[0]!.sigma <= 5 && levels[levels.length - kept.length - 1]!.sigma > 5,
  );
  assert.throws(
    () => levelsBelow(levels, 0.001),
    /'sigma' must keep one of its steps/,
  );
});
