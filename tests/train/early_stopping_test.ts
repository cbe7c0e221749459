import assert from "node:assert/strict";
import { isPastBest } from "../../train/early_stopping.ts";

Deno.test("isPastBest() counts the evaluations since the lowest loss", () => {
  assert(!isPastBest([], 1));
  assert(!isPastBest([3], 1));
  assert(!isPastBest([3, 2, 1], 1));
  assert(isPastBest([3, 1, 2], 1));
  assert(!isPastBest([3, 1, 2], 2));
  assert(isPastBest([3, 1, 2, 2], 2));
  assert(!isPastBest([3, 1, 2, 0.5], 2));
  assert(!isPastBest([3, 1, 2], Infinity));
});

Deno.test("isPastBest() takes an equal loss for no improvement", () => {
  assert(isPastBest([1, 1, 1], 2));
});
