import assert from "node:assert/strict";
import { createRequire } from "node:module";
import * as tf from "../../train/tfjs/mod.ts";

Deno.test("tfjs gets the package it does not declare from tfjs-core, whatever stands hoisted", () => {
  const core = createRequire(
    import.meta.resolve("npm:@tensorflow/tfjs-core@4.22.0"),
  );
  const elsewhere = createRequire(
    "file:///where/nothing/is/tfjs/dist/tf.node.js",
  );
  assert.equal(elsewhere.resolve("long"), core.resolve("long"));
  assert.equal(tf.version_core, "4.22.0");
});
