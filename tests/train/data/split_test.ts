import assert from "node:assert/strict";
import { splitOf } from "../../../train/data/split.ts";

const keys = Array.from({ length: 5000 }, (_, i) => `key ${i}`);

Deno.test("splitOf() holds out about a tenth", () => {
  const heldOut = keys.filter((key) => splitOf(key) === "held-out").length;
  // Binomial: standard deviation 21.
  assert(Math.abs(heldOut - 500) < 85, `${heldOut} are held out`);
});

Deno.test("splitOf() never changes its mind", () => {
  const heldOut = ["😀", "🍕", "🚀", "🔑"].filter((emoji) =>
    splitOf(emoji.codePointAt(0)!.toString(16)) === "held-out"
  );
  assert.deepEqual(heldOut, ["🚀"]);
});

Deno.test("splitOf() only adds to what a smaller share holds out", () => {
  for (const key of keys) {
    if (splitOf(key, 0.1) === "held-out") {
      assert.equal(splitOf(key, 0.2), "held-out");
    }
  }
  assert(keys.every((key) => splitOf(key, 0) === "train"));
  assert(keys.every((key) => splitOf(key, 1) === "held-out"));
});
