import assert from "node:assert/strict";
import { openBackend } from "../../../train/backend.ts";
import { findTensorflow } from "../../../train/native/library.ts";
import {
  initialWeights,
  summarizeNetwork,
} from "../../../train/network/parameters.ts";
import type { UnetConfig } from "../../../train/network/unet.ts";
import { maxDifference, measureParity } from "../../../train/onnx/parity.ts";
import { emoji } from "../../../train/presets/emoji.ts";
import { philoxNoise } from "@emoji/diffusion/random";

const CONDITION = 40;
const NETWORKS: Record<string, { size: number; network: UnetConfig }> = {
  "the emoji preset": { size: 32, network: emoji.network },
  "group norm, SiLU, shift, attention": {
    size: 16,
    network: {
      ...emoji.network,
      channels: [32, 64],
      blocks: [2, 1],
      activation: "silu",
      norm: "group",
      modulation: "shift",
      attention: [1],
    },
  },
};

/** Weights with no zeros, so that no layer is silent. */
function randomWeights(
  { network, size }: { network: UnetConfig; size: number },
) {
  const summary = summarizeNetwork(network, size, CONDITION);
  const weights = initialWeights(summary.parameters, 1);
  const noise = new Float32Array(weights.length);
  philoxNoise(2).normal(noise);
  return { ...summary, weights: weights.map((w, i) => w + 0.02 * noise[i]!) };
}

for (const [name, settings] of Object.entries(NETWORKS)) {
  for (const backend of ["wasm", "native"] as const) {
    const ignore = backend === "native" && !findTensorflow();
    Deno.test({
      name: `exportUnet() computes what ${backend} computes: ${name}${
        ignore ? " (ignored: no TensorFlow library)" : ""
      }`,
      ignore,
      // Backends hold native resources for the life of the process.
      sanitizeResources: false,
      sanitizeOps: false,
      async fn() {
        const { parameters, weights } = randomWeights(settings);
        const { kernels } = await openBackend(backend);
        const parity = await measureParity(
          settings,
          parameters,
          weights,
          CONDITION,
          kernels,
        );
        assert(parity <= 1e-4, `Outputs differ by ${parity}`);
      },
    });
  }
}

Deno.test("maxDifference() forgets nothing, a NaN least of all", () => {
  const zero = new Float32Array(4);
  assert.equal(maxDifference(Float32Array.of(0, -3, 2, 0), zero), 3);
  assert.equal(maxDifference(Float32Array.of(9, NaN, 0.001, 0), zero), NaN);
});
