import { DATA_TYPE, HALF, INTEGERS, SCALES } from "./model.ts";
import { dequantizeWeights } from "./quantize.ts";
import { readFields } from "./read_fields.ts";

/** A stored array of numbers. */
export interface Initializer {
  /** Sizes in ONNX's order. */
  readonly shape: readonly number[];
  /** Its numbers. */
  readonly values: Float32Array;
}

/** Field numbers of `onnx.proto3`. */
const MODEL_GRAPH = 7;
const GRAPH_INITIALIZER = 5;
const TENSOR = { dims: 1, type: 2, name: 8, raw: 9 };

/**
 * Reads the weights of an ONNX model that `export` wrote, by their names, of whatever type; shapes are left out.
 *
 * @throws {TypeError} If the bytes are no ONNX model, or integers lack their scales.
 */
export function readInitializers(onnx: Uint8Array): Map<string, Initializer> {
  const tensors = new Map<string, Tensor>();
  for (const { number, bytes: graph } of readFields(onnx)) {
    if (number !== MODEL_GRAPH) continue;
    for (const field of readFields(graph)) {
      if (field.number !== GRAPH_INITIALIZER) continue;
      const tensor = readTensor(field.bytes);
      tensors.set(tensor.name, tensor);
    }
  }
  const found = new Map<string, Initializer>();
  for (const [stored, { shape, type, raw }] of tensors) {
    if (type === DATA_TYPE.float16) {
      const values = Float32Array.from(new Float16Array(raw.buffer));
      found.set(without(stored, HALF), { shape, values });
    } else if (type === DATA_TYPE.int8) {
      const name = without(stored, INTEGERS);
      const scale = tensors.get(name + SCALES);
      if (!scale) {
        throw new TypeError(`Cannot read weights ${name} without their scales`);
      }
      const values = dequantizeWeights({
        integers: new Int8Array(raw.buffer),
        scaleShape: scale.shape,
        scales: new Float32Array(scale.raw.buffer),
      }, shape);
      found.set(name, { shape, values });
    } else if (type === DATA_TYPE.float && !isScale(stored, tensors)) {
      found.set(stored, { shape, values: new Float32Array(raw.buffer) });
    }
  }
  return found;
}

const without = (name: string, ending: string) =>
  name.endsWith(ending) ? name.slice(0, -ending.length) : name;

const isScale = (name: string, tensors: ReadonlyMap<string, Tensor>) =>
  name.endsWith(SCALES) && tensors.has(without(name, SCALES) + INTEGERS);

/** A stored array before its bytes are read. */
interface Tensor {
  shape: number[];
  name: string;
  type: number;
  raw: Uint8Array<ArrayBuffer>;
}

function readTensor(tensor: Uint8Array): Tensor {
  const shape: number[] = [];
  let name = "";
  let type = 0;
  let raw = new Uint8Array();
  for (const { number, integer, bytes } of readFields(tensor)) {
    if (number === TENSOR.dims) shape.push(integer);
    if (number === TENSOR.type) type = integer;
    if (number === TENSOR.name) name = new TextDecoder().decode(bytes);
    if (number === TENSOR.raw) raw = bytes.slice();
  }
  return { name, type, shape, raw };
}
