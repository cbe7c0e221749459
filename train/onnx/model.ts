/**
 * Builds ONNX models: `onnx.proto3` of the ONNX specification, field numbers in the comments' words.
 *
 * @module
 */

import { quantizeWeights } from "./quantize.ts";
import { Message } from "./wire.ts";

/** Operator set; all operators used here exist in onnxruntime-web's WASM for it. */
const OPSET = 18;
const IR_VERSION = 8;

/** TensorProto.DataType. */
export const DATA_TYPE = { float: 1, int8: 3, int64: 7, float16: 10 } as const;

/** Ending of the names of weights that are stored in half precision. */
export const HALF = ".fp16";
/** Ending of the names of weights that are stored as integers. */
export const INTEGERS = ".int8";
/** Ending of the names of what such integers are multiplied by. */
export const SCALES = ".scale";

/** Value of an operator's attribute: integers, a text, or a float as `{ float }`. */
export type Attribute = number | readonly number[] | string | { float: number };

/** How weights can be stored; they are always computed with in float32. */
export const WEIGHT_TYPES = ["float32", "float16", "int8"] as const;

/** How weights are stored. */
export type WeightType = typeof WEIGHT_TYPES[number];

/** A model under construction. */
export class OnnxModel {
  readonly #nodes: Message[] = [];
  readonly #initializers: Message[] = [];
  readonly #inputs: Message[] = [];
  readonly #outputs: Message[] = [];
  #count = 0;

  /** Declares an input; text in `shape` names a dynamic axis. */
  input(name: string, shape: readonly (number | string)[]): string {
    this.#inputs.push(valueInfo(name, shape));
    return name;
  }

  /** Declares an output. */
  output(name: string, shape: readonly (number | string)[]): void {
    this.#outputs.push(valueInfo(name, shape));
  }

  /**
   * Stores constant numbers. Those in fewer bits become float32 again when a session is made, by operators that engines
   * work out once: a cast and, for integers, a product. (They keep DequantizeLinear for each evaluation.)
   */
  weights(
    name: string,
    shape: readonly number[],
    values: Float32Array,
    type: WeightType = "float32",
  ): string {
    if (type === "float32") {
      this.#initializers.push(
        tensor(name, shape, DATA_TYPE.float, bytesOf(values)),
      );
      return name;
    }
    if (type === "float16") {
      const stored = name + HALF;
      const halves = bytesOf(Float16Array.from(values));
      this.#initializers.push(tensor(stored, shape, DATA_TYPE.float16, halves));
      return this.node("Cast", [stored], { to: DATA_TYPE.float }, name);
    }
    const { integers, scaleShape, scales } = quantizeWeights(values, shape);
    const stored = name + INTEGERS;
    this.#initializers.push(
      tensor(stored, shape, DATA_TYPE.int8, bytesOf(integers)),
    );
    const scale = this.weights(name + SCALES, scaleShape, scales);
    const cast = this.node("Cast", [stored], { to: DATA_TYPE.float });
    return this.node("Mul", [cast, scale], {}, name);
  }

  /** Stores constant integers, such as the shape of a Reshape. */
  integers(values: readonly number[]): string {
    const name = `c${this.#count++}`;
    const data = bytesOf(BigInt64Array.from(values, BigInt));
    this.#initializers.push(
      tensor(name, [values.length], DATA_TYPE.int64, data),
    );
    return name;
  }

  /** Adds an operator and returns the name of its output. */
  node(
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    output = `t${this.#count++}`,
  ): string {
    this.nodes(operator, inputs, attributes, [output]);
    return output;
  }

  /** Adds an operator with several outputs. */
  nodes(
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>>,
    outputs: readonly string[],
  ): void {
    const node = new Message();
    for (const input of inputs) node.text(1, input);
    for (const output of outputs) node.text(2, output);
    node.text(3, `${operator}_${this.#nodes.length}`).text(4, operator);
    for (const [name, value] of Object.entries(attributes)) {
      node.message(5, attribute(name, value));
    }
    this.#nodes.push(node);
  }

  /** A name for a further output. */
  name(): string {
    return `t${this.#count++}`;
  }

  /** The bytes of the model's file. */
  finish(graphName: string): Uint8Array<ArrayBuffer> {
    const graph = new Message();
    for (const node of this.#nodes) graph.message(1, node);
    graph.text(2, graphName);
    for (const initializer of this.#initializers) graph.message(5, initializer);
    for (const input of this.#inputs) graph.message(11, input);
    for (const output of this.#outputs) graph.message(12, output);
    return new Message()
      .int(1, IR_VERSION)
      .text(2, "@emoji/train")
      .message(7, graph)
      .message(8, new Message().text(1, "").int(2, OPSET))
      .finish();
  }
}

function bytesOf(values: ArrayBufferView): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function tensor(
  name: string,
  shape: readonly number[],
  type: number,
  data: Uint8Array,
): Message {
  const message = new Message();
  for (const size of shape) message.int(1, size);
  return message.int(2, type).text(8, name).bytes(9, data);
}

function valueInfo(
  name: string,
  shape: readonly (number | string)[],
): Message {
  const axes = new Message();
  for (const size of shape) {
    axes.message(
      1,
      typeof size === "number"
        ? new Message().int(1, size)
        : new Message().text(2, size),
    );
  }
  const tensorType = new Message().int(1, DATA_TYPE.float).message(2, axes);
  return new Message().text(1, name)
    .message(2, new Message().message(1, tensorType));
}

/** AttributeProto with its type: FLOAT 1, INT 2, STRING 3, INTS 7. */
function attribute(name: string, value: Attribute): Message {
  const message = new Message().text(1, name);
  if (typeof value === "string") return message.text(4, value).int(20, 3);
  if (typeof value === "number") return message.int(3, value).int(20, 2);
  if ("float" in value) return message.float(2, value.float).int(20, 1);
  for (const item of value) message.int(8, item);
  return message.int(20, 7);
}
