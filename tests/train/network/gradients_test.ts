import assert from "node:assert/strict";
import * as tf from "../../../train/tfjs/mod.ts";
import { openBackend } from "../../../train/backend.ts";
import { findTensorflow } from "../../../train/native/library.ts";
import { agrees, LAYERS, layerSlopes } from "./layer_slopes.ts";

for (const backend of ["cpu", "wasm", "native"] as const) {
  const ignore = backend === "native" && !findTensorflow();
  Deno.test({
    name: `gradients of every layer follow finite differences on ${backend}${
      ignore ? " (ignored: no TensorFlow library)" : ""
    }`,
    ignore,
    // Backends hold native resources for the life of the process.
    sanitizeResources: false,
    sanitizeOps: false,
    async fn(t) {
      const { plainKernels } = await import("../../../train/kernels.ts");
      const kernels = backend === "cpu"
        ? plainKernels
        : (await openBackend(backend)).kernels;
      if (backend === "cpu") await tf.setBackend("cpu");
      for (const [name, layer] of Object.entries(LAYERS)) {
        await t.step(name, async () => {
          for (const slope of await layerSlopes(layer, kernels)) {
            assert(agrees(slope), `${name}: ${JSON.stringify(slope)}`);
          }
        });
      }
    },
  });
}
