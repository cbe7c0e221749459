import assert from "node:assert/strict";
import * as tf from "../../../train/tfjs/mod.ts";
import { philoxNoise } from "@emoji/diffusion/random";
import { dropoutMask } from "../../../train/network/dropout_mask.ts";
import {
  initialWeights,
  summarizeNetwork,
} from "../../../train/network/parameters.ts";
import type { UnetConfig } from "../../../train/network/unet.ts";
import { exportUnet } from "../../../train/onnx/export_unet.ts";
import { tinyDataset, tinyEngine, tinyRun } from "../tiny_run.ts";

// Backends hold native resources for the life of the process.
const unsanitized = { sanitizeResources: false, sanitizeOps: false };

function values(tensor: tf.Tensor): Float32Array {
  return tensor.dataSync<"float32">();
}

Deno.test(
  "dropoutMask() keeps the mean, and an example's part wherever the example is",
  {
    ...unsanitized,
  },
  async () => {
    await tf.setBackend("cpu");
    const sources = (from: number, to: number) =>
      Array.from(
        { length: to - from },
        (_, i) => philoxNoise(4).split(from + i),
      );
    const whole = values(dropoutMask([4, 10, 10, 8], 0.25, sources(0, 4)));
    const zeros = whole.filter((v) => v === 0).length / whole.length;
    assert.ok(Math.abs(zeros - 0.25) < 0.03, `${zeros}`);
    assert.ok(whole.every((v) => v === 0 || Math.abs(v - 4 / 3) < 1e-6));
    const half = values(dropoutMask([2, 10, 10, 8], 0.25, sources(2, 4)));
    assert.deepEqual(half, whole.slice(2 * 800));
    assert.throws(() => dropoutMask([1], 1, sources(0, 1)), /rate must be in/);
  },
);

const network: UnetConfig = {
  ...tinyRun.network as UnetConfig,
  dropout: 0.3,
};

Deno.test("dropout acts in training alone, on any number of workers alike", {
  ...unsanitized,
}, async () => {
  const { dir, dataset, clean } = await tinyDataset();
  try {
    const steps = async (dropout: number, workers: number) => {
      const config = { ...tinyRun, network: { ...network, dropout } };
      const engine = await tinyEngine(dir, dataset, { config, workers });
      const { losses } = await engine.train(0, 8);
      engine.close();
      return losses;
    };
    const [without, one, two] = [
      await steps(0, 1),
      await steps(0.3, 1),
      await steps(0.3, 2),
    ];
    // The output layer starts at zero: what is left out shows from the second step on.
    assert.notEqual(one.at(-1), without.at(-1));
    one.forEach((loss, i) =>
      assert.ok(Math.abs(loss / two[i]! - 1) < 1e-4, `step ${i}`)
    );
  } finally {
    await clean();
  }
});

Deno.test("dropout is absent from the export", () => {
  const { parameters } = summarizeNetwork(network, 8, 10);
  const options = { parameters, size: 8, conditionSize: 10 };
  const weights = initialWeights(parameters, 1);
  assert.deepEqual(
    exportUnet({ ...options, weights, network }),
    exportUnet({ ...options, weights, network: { ...network, dropout: 0 } }),
  );
});
