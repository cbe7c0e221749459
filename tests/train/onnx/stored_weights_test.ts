import assert from "node:assert/strict";
import {
  initialWeights,
  summarizeNetwork,
} from "../../../train/network/parameters.ts";
import { exportUnet } from "../../../train/onnx/export_unet.ts";
import { HALF, INTEGERS } from "../../../train/onnx/model.ts";
import { readFields } from "../../../train/onnx/read_fields.ts";
import { readInitializers } from "../../../train/onnx/read_initializers.ts";
import { emoji } from "../../../train/presets/emoji.ts";

const CONDITION = 40;
const { network, size } = emoji;
const { parameters } = summarizeNetwork(network, size, CONDITION);
const weights = initialWeights(parameters, 1).map((weight, i) =>
  weight + Math.sin(i) / 100
);
const onnx = exportUnet({
  network,
  parameters,
  weights,
  size,
  conditionSize: CONDITION,
  weightType: "int8",
});
const names = namesOf(onnx);

/** Names of the arrays of an ONNX model, as they are stored: graph is field 7, initializer 5 of it, name 8 of that. */
function namesOf(model: Uint8Array): Set<string> {
  const fields = (message: Uint8Array, wanted: number) =>
    [...readFields(message)].filter(({ number }) => number === wanted)
      .map(({ bytes }) => bytes);
  return new Set(
    fields(model, 7).flatMap((graph) => fields(graph, 5))
      .flatMap((tensor) => fields(tensor, 8))
      .map((name) => new TextDecoder().decode(name)),
  );
}

Deno.test("layers of 50,000 weights and more have 8 bits, those of 4,096 and more 16, others 32", () => {
  const layers = parameters.filter(({ name, shape }) =>
    name.endsWith(".weight") && shape.length > 1
  );
  const counts = { [INTEGERS]: 0, [HALF]: 0, "": 0 };
  for (const { name, shape } of layers) {
    const numbers = shape.reduce((product, axis) => product * axis, 1);
    const suffix = numbers >= 50_000 ? INTEGERS : numbers >= 4096 ? HALF : "";
    for (const one of [INTEGERS, HALF, ""] as const) {
      assert.equal(names.has(name + one), one === suffix, name + one);
    }
    counts[suffix]++;
  }
  for (const count of Object.values(counts)) assert(count > 2);
});

Deno.test("what 16 bits store is read back to their precision", () => {
  const read = readInitializers(onnx);
  const size = (array: Float32Array) => Math.hypot(...array);
  let offset = 0;
  for (const { name, shape } of parameters) {
    const numbers = shape.reduce((product, axis) => product * axis, 1);
    const part = weights.subarray(offset, offset += numbers);
    if (!names.has(name + HALF)) continue;
    const { values } = read.get(name)!;
    const [sorted, expected] = [values.toSorted(), part.toSorted()];
    const error = sorted.map((value, i) => value - expected[i]!);
    assert(size(error) < 1e-3 * size(expected), name);
  }
});
