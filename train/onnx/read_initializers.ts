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

/** TensorProto.DataType. */
const FLOAT = 1;
const FLOAT16 = 10;

/** Ending of the names of weights that are stored in half precision and cast when they are loaded. */
const HALF = ".fp16";

/**
 * Reads the weights of an ONNX model that `export` wrote, by their names; integers are left out.
 *
 * @throws {TypeError} If the bytes are no ONNX model.
 */
export function readInitializers(onnx: Uint8Array): Map<string, Initializer> {
  const found = new Map<string, Initializer>();
  for (const { number, bytes: graph } of readFields(onnx)) {
    if (number !== MODEL_GRAPH) continue;
    for (const field of readFields(graph)) {
      if (field.number !== GRAPH_INITIALIZER) continue;
      const { name, type, shape, raw } = readTensor(field.bytes);
      const values = floats(type, raw);
      if (values === undefined) continue;
      found.set(
        name.endsWith(HALF) ? name.slice(0, -HALF.length) : name,
        { shape, values },
      );
    }
  }
  return found;
}

function readTensor(tensor: Uint8Array) {
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

function floats(
  type: number,
  raw: Uint8Array<ArrayBuffer>,
): Float32Array | undefined {
  if (type === FLOAT) return new Float32Array(raw.buffer);
  return type === FLOAT16
    ? Float32Array.from(new Float16Array(raw.buffer))
    : undefined;
}
