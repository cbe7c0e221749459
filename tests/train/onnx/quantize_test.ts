import assert from "node:assert/strict";
import { philoxNoise } from "@emoji/diffusion/random";
import { OnnxModel } from "../../../train/onnx/model.ts";
import {
  dequantizeWeights,
  quantizeWeights,
} from "../../../train/onnx/quantize.ts";
import { readInitializers } from "../../../train/onnx/read_initializers.ts";
import { openSession } from "../../../train/onnx/session.ts";
import { tinyConfig } from "../../shared/tiny_config.ts";

const { condition: _, ...unconditional } = tinyConfig;
const config = {
  ...unconditional,
  image: { ...tinyConfig.image, width: 1, height: 1 },
};

const SHAPE = [12, 8, 3, 3];
const COUNT = 12 * 8 * 9;

/** Normal numbers, those of each index of an axis of another size. */
function weights(axis: number): Float32Array {
  const values = new Float32Array(COUNT);
  philoxNoise(axis).normal(values);
  const within = axis === 0 ? 72 : 9;
  return values.map((value, i) =>
    value * 2 ** (Math.floor(i / within) % SHAPE[axis]!)
  );
}

Deno.test("quantizeWeights() is off by half a step of an output's or input's own scale at most", () => {
  for (const axis of [0, 1]) {
    const values = weights(axis);
    const quantized = quantizeWeights(values, SHAPE);
    assert.deepEqual(
      quantized.scaleShape,
      axis === 0 ? [12, 1, 1, 1] : [1, 8, 1, 1],
    );
    const near = dequantizeWeights(quantized, SHAPE);
    const within = axis === 0 ? 72 : 9;
    near.forEach((value, i) => {
      const scale = quantized.scales[Math.floor(i / within) % SHAPE[axis]!]!;
      assert(Math.abs(value - values[i]!) <= 0.5001 * scale);
    });
  }
});

Deno.test("quantizeWeights() gives back integers times a row's scale, and zeros, as they are", () => {
  const shape = [3, 3];
  const whole = Float32Array.of(127, -3, 0, 0, 0, 0, -254, 2, 4);
  const quantized = quantizeWeights(whole, shape);
  assert.deepEqual([...quantized.scales], [1, 0, 2]);
  assert.deepEqual(dequantizeWeights(quantized, shape), whole);
});

Deno.test("onnxruntime and readInitializers() see the same numbers in weights stored as integers", async () => {
  for (const shape of [SHAPE, [96, 9], [1, COUNT]]) {
    const model = new OnnxModel();
    model.input("x", ["n", 1, 1, 1]);
    const level = model.input("level", ["n", 1]);
    const stored = model.weights("some.weight", shape, weights(0), "int8");
    model.node("Mul", [stored, level], {}, "F");
    model.output("F", shape);
    const onnx = model.finish("test");
    const read = readInitializers(onnx);
    assert.deepEqual([...read.keys()], ["some.weight"]);

    const { network, release } = await openSession({ config, onnx });
    const call = { images: 1, step: 0 };
    const seen = await network(Float32Array.of(0), 1, new Float32Array(), call);
    await release();
    assert.deepEqual(read.get("some.weight"), { shape, values: seen });
  }
});
