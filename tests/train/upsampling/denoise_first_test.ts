import assert from "node:assert/strict";
import * as tf from "../../../train/tfjs/mod.ts";
import { openProcess } from "@emoji/diffusion/open-process";
import { batchSource } from "../../../train/batch.ts";
import { conditionLayout } from "../../../train/condition_layout.ts";
import { collect } from "../../../train/data/collect.ts";
import { syntheticSource } from "../../../train/data/sources/synthetic.ts";
import type { TensorNetwork } from "../../../train/tensor_network.ts";
import { upsampler } from "../../../train/presets/upsampler.ts";
import { denoiseFirst } from "../../../train/upsampling/denoise_first.ts";
import { enlarging } from "../../../train/upsampling/upsampling.ts";

const COUNT = 6;
const SIZE = 16;
const WIDTH = 4;
const FEATURES = 3;
const { dataset } = await collect(syntheticSource({ count: 24 }), {
  size: SIZE,
});
const layout = conditionLayout(dataset.manifest.vocabularies);
const config = {
  ...enlarging({ ...upsampler, size: SIZE, batch: COUNT }, { width: WIDTH }),
};
const batch = batchSource(dataset, layout, config)(3, 0, COUNT);
const process = openProcess(config.objective.process);

/** A model that answers 0.1, and what it was asked. */
function sampledModel(features: number) {
  const asked: Record<string, { shape: number[]; values: Float32Array }> = {};
  const network: TensorNetwork = {
    predict(_, x, level, condition) {
      for (const [name, tensor] of Object.entries({ x, level, condition })) {
        const values = tensor.dataSync<"float32">();
        asked[name] = { shape: tensor.shape, values };
      }
      return tf.fill(x.shape, 0.1) as tf.Tensor4D;
    },
  };
  return { asked, network, flat: tf.tensor1d([]), features };
}

function show(features: number) {
  const sampled = sampledModel(features);
  const values = tf.tidy(() => {
    const tensor = (values: Float32Array) =>
      tf.tensor4d(values, [COUNT, SIZE, SIZE, 4]);
    const { x, target } = denoiseFirst(
      sampled,
      tensor(batch.x),
      tensor(batch.target),
      batch,
      config,
    );
    return { x: x.dataSync<"float32">(), target: target.dataSync<"float32">() };
  });
  return { asked: sampled.asked, ...values };
}

function near(actual: number, expected: number, tolerance = 2e-5): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual}, ${expected}`);
}

Deno.test("denoiseFirst() shows each pixel of the model's clean picture as a square, and asks for the same picture", () => {
  const { x, target, asked } = show(0);
  const values = SIZE * SIZE * 4;
  const small = SIZE / WIDTH;
  assert.deepEqual(asked.x!.shape, [COUNT, small, small, 4]);
  assert.deepEqual(asked.condition!.shape, [COUNT, layout.size]);
  for (let row = 0; row < COUNT; row++) {
    const { skip, out, scale } = process.coefficients(
      process.level(batch.t[row]!),
    );
    const its = process.coefficients(process.level(batch.t[row]! / WIDTH));
    near(asked.level!.values[row]!, its.told);
    for (let i = 0; i < values; i++) {
      const k = row * values + i;
      const [line, column, channel] = [
        Math.floor(i / 4 / SIZE / WIDTH),
        Math.floor((i >> 2) % SIZE / WIDTH),
        i & 3,
      ];
      const at = ((row * small + line) * small + column) * 4 + channel;
      const mean = batch.x[k]! / scale;
      near(asked.x!.values[at]!, its.scale * mean);
      const clean = Math.max(
        -1,
        Math.min(1, its.skip * mean + 0.1 * its.out),
      );
      near(x[k]!, scale * clean);
      near(
        skip / scale * x[k]! + out * target[k]!,
        skip / scale * batch.x[k]! + out * batch.target[k]!,
        1e-4,
      );
    }
  }
});

Deno.test("denoiseFirst() tells a distilled model that its step is to the clean picture", () => {
  const { asked: { condition } } = show(FEATURES);
  const width = layout.size + FEATURES;
  assert.deepEqual(condition!.shape, [COUNT, width]);
  for (let row = 0; row < COUNT; row++) {
    // A whole step is the share 1: sin(πk/2).
    [1, 0, -1].forEach((value, k) =>
      near(condition!.values[row * width + layout.size + k]!, value)
    );
  }
});
