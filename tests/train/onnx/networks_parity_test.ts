import assert from "node:assert/strict";
import { philoxNoise } from "@emoji/diffusion/random";
import { openBackend } from "../../../train/backend.ts";
import { findTensorflow } from "../../../train/native/library.ts";
import { BLOCKS } from "../../../train/network/blocks.ts";
import type { NetworkConfig } from "../../../train/network/network.ts";
import {
  initialWeights,
  summarizeNetwork,
} from "../../../train/network/parameters.ts";
import { measureParity } from "../../../train/onnx/parity.ts";
import { emojiNotebook } from "../../../train/presets/emoji_notebook.ts";
import { PRESETS } from "../../../train/presets/mod.ts";
import { tiny } from "../../../train/presets/tiny.ts";

const CONDITION = 12;

interface Settings extends Partial<Pick<typeof tiny, "objective">> {
  network: NetworkConfig;
  size: number;
}

const small = { ...tiny.network, channels: [16, 32] };
const NETWORKS: Record<string, Settings> = {
  ...Object.fromEntries(
    Object.entries(PRESETS).map(([name, preset]) => [`preset ${name}`, {
      ...preset,
      // Five resolutions need 16 pixels.
      size: Math.min(preset.size, name === "emoji-64" ? 16 : 8),
    }]),
  ),
  ...Object.fromEntries(
    (Object.keys(BLOCKS) as (keyof typeof BLOCKS)[]).map((block) => [
      `${block} blocks`,
      {
        size: 8,
        network: {
          ...small,
          block,
          activation: "silu" as const,
          attention: [1],
          linearAttention: [0],
        },
      },
    ]),
  ),
  "patches, pixel norm, two pictures in": {
    size: 16,
    network: {
      ...small,
      patch: 2,
      norm: "pixel",
      activation: "gelu",
      inputChannels: 8,
    },
  },
  "a canvas": { size: 16, network: { ...small, canvas: 5 } },
  "a canvas with a hidden layer of its own": {
    size: 16,
    network: { ...small, canvas: 5, canvasHidden: 7 },
  },
  "the notebook's network without its ears": {
    ...emojiNotebook,
    size: 8,
    network: { ...emojiNotebook.network, deaf: true },
  },
};

/** Weights with no zeros, so that no layer is silent. */
function randomWeights({ network, size }: Settings) {
  const summary = summarizeNetwork(network, size, CONDITION);
  const weights = initialWeights(summary.parameters, 1);
  const noise = new Float32Array(weights.length);
  philoxNoise(2).normal(noise);
  return {
    ...summary,
    weights: weights.map((w, i) => w + 0.02 * noise[i]!),
  };
}

for (const backend of ["wasm", "native"] as const) {
  const ignore = backend === "native" && !findTensorflow();
  for (const [name, settings] of Object.entries(NETWORKS)) {
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
        assert.ok(parity < 1e-4, `Largest relative difference is ${parity}`);
      },
    });
  }
}
