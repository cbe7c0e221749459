import assert from "node:assert/strict";
import { OnnxModel } from "../../../train/onnx/model.ts";
import { readInitializers } from "../../../train/onnx/read_initializers.ts";

function model(): Uint8Array {
  const model = new OnnxModel();
  const x = model.input("x", ["n", 2]);
  const w = model.weights(
    "a.weight",
    [2, 3],
    Float32Array.of(1, 2, 3, 4, 5, 6),
  );
  model.weights("b", [2], Float32Array.of(0.5, -1.25), "float16");
  model.integers([1, 2, 300]);
  model.node("MatMul", [x, w], {}, "F");
  model.output("F", ["n", 3]);
  return model.finish("test");
}

Deno.test("readInitializers() reads back what the writer wrote, in single and half precision", () => {
  const found = readInitializers(model());
  assert.deepEqual([...found], [
    ["a.weight", { shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, 6) }],
    ["b", { shape: [2], values: Float32Array.of(0.5, -1.25) }],
  ]);
});

Deno.test("readInitializers() refuses what is no model", () => {
  const bytes = model();
  assert.throws(() => readInitializers(bytes.subarray(0, 100)), TypeError);
  assert.throws(
    () => readInitializers(new Uint8Array(40).fill(255)),
    TypeError,
  );
});
