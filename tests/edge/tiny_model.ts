import { createHash } from "node:crypto";
import {
  type ModelConfig,
  parseModelConfig,
} from "@emoji/diffusion/model-config";
import { SAMPLERS } from "@emoji/diffusion/sampler-registry";

/** A protobuf message under construction: field numbers and wire types only. */
class Message {
  #bytes: number[] = [];

  int(field: number, value: number): this {
    return this.#varint(field << 3).#varint(value);
  }

  bytes(field: number, value: Uint8Array): this {
    this.#varint(field << 3 | 2).#varint(value.length);
    for (const byte of value) this.#bytes.push(byte);
    return this;
  }

  text(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  message(field: number, value: Message): this {
    return this.bytes(field, value.finish());
  }

  finish(): Uint8Array<ArrayBuffer> {
    return Uint8Array.from(this.#bytes);
  }

  #varint(value: number): this {
    for (; value > 127; value >>>= 7) this.#bytes.push(value & 127 | 128);
    this.#bytes.push(value);
    return this;
  }
}

const FLOAT = 1;
const INT64 = 7;

/** TensorProto with float or int64 values. */
function tensor(
  name: string,
  dims: number[],
  data: Float32Array | BigInt64Array,
): Message {
  const out = new Message();
  for (const dim of dims) out.int(1, dim);
  return out.int(2, data instanceof Float32Array ? FLOAT : INT64).text(8, name)
    .bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

/** ValueInfoProto of a float tensor whose first dimension is free. */
function value(name: string, dims: number[]): Message {
  const shape = new Message().message(1, new Message().text(2, "n"));
  for (const dim of dims) shape.message(1, new Message().int(1, dim));
  return new Message().text(1, name).message(
    2,
    new Message().message(1, new Message().int(1, FLOAT).message(2, shape)),
  );
}

/** NodeProto; attributes are lists of integers. */
function node(
  type: string,
  inputs: string[],
  output: string,
  attributes: Record<string, number[]> = {},
): Message {
  const out = new Message();
  for (const input of inputs) out.text(1, input);
  out.text(2, output).text(3, output).text(4, type);
  for (const [name, ints] of Object.entries(attributes)) {
    const attribute = new Message().text(1, name);
    for (const int of ints) attribute.int(8, int);
    out.message(5, attribute.int(20, 7));
  }
  return out;
}

/** Weights in [-scale, scale], the same at every call. */
function weights(count: number, scale: number): Float32Array {
  let random = count;
  return Float32Array.from({ length: count }, () => {
    random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
    return (random / 2 ** 31 - 1) * scale;
  });
}

/**
 * A network with the inputs and the output of a real one and random weights: two convolutions, with condition and level
 * added between them. One of no conditions has no such input.
 */
export function tinyOnnx(
  conditions: number,
  size = 32,
  hidden = 8,
): Uint8Array<ArrayBuffer> {
  const padding = { pads: [1, 1, 1, 1], "kernel_shape": [3, 3] };
  const conditional = conditions > 0;
  const inputs = [value("x", [4, size, size]), value("level", [1])];
  const graph = new Message()
    .message(1, node("Conv", ["x", "w1"], "a", padding));
  if (conditional) {
    inputs.push(value("condition", [conditions]));
    graph.message(1, node("MatMul", ["condition", "wc"], "b"));
  }
  graph
    .message(1, node("MatMul", ["level", "wl"], "c"))
    .message(
      1,
      conditional ? node("Add", ["b", "c"], "d") : node("Identity", ["c"], "d"),
    )
    .message(1, node("Unsqueeze", ["d", "axes"], "e"))
    .message(1, node("Add", ["a", "e"], "f"))
    .message(1, node("Tanh", ["f"], "g"))
    .message(1, node("Conv", ["g", "w2"], "F", padding))
    .text(2, "tiny")
    .message(5, tensor("w1", [hidden, 4, 3, 3], weights(hidden * 36, 0.5)))
    .message(5, tensor("w2", [4, hidden, 3, 3], weights(hidden * 36, 0.5)))
    .message(
      5,
      tensor("wc", [conditions, hidden], weights(conditions * hidden, 1)),
    )
    .message(5, tensor("wl", [1, hidden], weights(hidden, 0.5)))
    .message(5, tensor("axes", [2], BigInt64Array.of(2n, 3n)));
  for (const input of inputs) graph.message(11, input);
  graph.message(12, value("F", [4, size, size]));
  return new Message().int(1, 8).message(7, graph).message(
    8,
    new Message().text(1, "").int(2, 18),
  ).finish();
}

/** A model folder in memory. */
export interface TinyModel {
  config: ModelConfig;
  configText: string;
  onnx: Uint8Array<ArrayBuffer>;
  /** The upsampler's network, for those models that have one. */
  upsampler: Uint8Array<ArrayBuffer>;
}

/** Describes a network's file. */
function describe(file: string, onnx: Uint8Array) {
  const sha256 = createHash("sha256").update(onnx).digest("hex");
  return { file, sha256, bytes: onnx.length };
}

/** A small untrained model with a vocabulary of every kind; one with `scale` > 1 has an upsampler. */
export function tinyModel(name = "tiny", scale = 1): TinyModel {
  const sections = {
    style: ["noto", "twemoji"],
    group: ["food-drink", "smileys-emotion"],
    subgroup: ["face-smiling", "food-fruit"],
    word: ["apple", "cat", "face", "heart", "red", "smile"],
  };
  const condition: Record<string, unknown> = {};
  let size = 0;
  for (const [section, values] of Object.entries(sections)) {
    condition[section] = { offset: size, values };
    size += values.length + 1;
  }
  condition.augment = { offset: size, values: ["flip"] };
  condition.size = size + 1;
  const onnx = tinyOnnx(size + 1);
  const upsampler = tinyOnnx(0, 32 * scale);
  const process = {
    type: "edm",
    sigmaData: 0.75,
    sigmaMin: 0.02,
    sigmaMax: 80,
  };
  const json = {
    version: 1,
    name,
    image: {
      width: 32,
      height: 32,
      channels: 4,
      encoding: "premultiplied-rgba",
    },
    process,
    condition,
    sampling: {
      sampler: "dpmpp-2m",
      samplers: [...SAMPLERS.keys()],
      steps: 4,
      minSteps: 1,
      maxSteps: 100,
      guidance: 2,
      guidanceFolded: false,
      sigmaPowerBySteps: [],
      sigmaMinBySteps: [[4, 0.4], [8, 0.25], [50, 0.02]],
      clip: true,
    },
    training: { images: 0 },
    license: "CC0-1.0",
    attribution: ["Nobody"],
    ...(scale > 1 && {
      upsampler: {
        scale,
        process,
        level: 0.1,
        model: describe("upsampler.onnx", upsampler),
      },
    }),
    model: describe("model.onnx", onnx),
  };
  const configText = JSON.stringify(json);
  return { config: parseModelConfig(json), configText, onnx, upsampler };
}
