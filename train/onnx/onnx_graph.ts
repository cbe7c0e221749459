/**
 * Writes a network as ONNX operators: the interpreter of {@linkcode "../network/graph.ts"} for export. Pictures are
 * `[n, c, h, w]` here, as ONNX wants them.
 *
 * @module
 */

import {
  type Graph,
  type LayerOptions,
  NORM_EPSILON,
  UNIT_EPSILON,
} from "../network/graph.ts";
import type { OnnxModel, WeightType } from "./model.ts";

/** A named value with its sizes without the batch axis: `[c, h, w]` or `[features]`. */
export interface OnnxValue {
  /** Name in the graph. */
  name: string;
  /** Sizes. */
  shape: readonly number[];
}

/** Weights by name, with shapes in TensorFlow's order. */
export type NamedWeights = ReadonlyMap<
  string,
  { shape: readonly number[]; values: Float32Array }
>;

/** Arrays of fewer numbers, which cost little, stay in float32, and so do biases. */
const SMALL = 4096;

/**
 * Arrays of fewer numbers have 16 bits where others have 8: those of the finest resolutions, where colours are settled,
 * which paled when they were rounded further. Measured with `emoji-32`.
 */
const MEDIUM = 50_000;

/** Creates an interpreter that adds to `model`. */
export function onnxGraph(
  model: OnnxModel,
  weights: NamedWeights,
  type: WeightType,
): Graph<OnnxValue> {
  function weight(name: string) {
    const found = weights.get(name);
    if (!found) throw new Error(`Cannot find parameter ${name}`);
    return found;
  }
  function layer(name: string, { unit = false }: LayerOptions) {
    const { shape, values } = weight(`${name}.weight`);
    const out = shape.at(-1)!;
    return { shape, values: unit ? unitColumns(values, out) : values };
  }
  function store(
    name: string,
    shape: readonly number[],
    values: Float32Array,
  ): string {
    const { length } = values;
    if (length < SMALL || shape.length < 2) {
      return model.weights(name, shape, values);
    }
    const stored = type === "int8" && length < MEDIUM ? "float16" : type;
    return model.weights(name, shape, values, stored);
  }
  const scalar = (value: number) =>
    model.weights(model.name(), [1], Float32Array.of(value));
  const reshape = (x: string, shape: readonly number[]) =>
    model.node("Reshape", [x, model.integers(shape)]);
  const perChannel = (x: OnnxValue) => reshape(x.name, [0, x.shape[0]!, 1, 1]);
  const onnx = (
    operator: string,
    inputs: readonly OnnxValue[],
    shape = inputs[0]!.shape,
    attributes = {},
  ): OnnxValue => ({
    name: model.node(operator, inputs.map(({ name }) => name), attributes),
    shape,
  });
  const times = (x: OnnxValue, factor: number): OnnxValue => ({
    name: model.node("Mul", [x.name, scalar(factor)]),
    shape: x.shape,
  });
  const swap = (x: string) =>
    model.node("Transpose", [x], { perm: [0, 1, 3, 2] });
  /** Divides by the root mean square along an axis. */
  function unitRms(x: string, axis: number): string {
    const square = model.node("Mul", [x, x]);
    const mean = model.node("ReduceMean", [square, model.integers([axis])]);
    const root = model.node("Sqrt", [
      model.node("Add", [mean, scalar(UNIT_EPSILON)]),
    ]);
    return model.node("Div", [x, root]);
  }
  /** Queries, keys and values, each `[n, heads, c/heads, pixels]`, and c/heads. */
  function splitHeads(
    { name, shape }: OnnxValue,
    heads: number,
  ): [q: string, k: string, v: string, size: number] {
    const [c3, h, w] = shape as [number, number, number];
    const size = c3 / 3 / heads;
    const parts = [model.name(), model.name(), model.name()] as const;
    const split = reshape(name, [0, 3, heads, size, h * w]);
    model.nodes("Split", [split], { axis: 1, num_outputs: 3 }, parts);
    const each = (part: string) => reshape(part, [0, heads, size, h * w]);
    return [each(parts[0]), each(parts[1]), each(parts[2]), size];
  }
  function joinHeads(x: string, { shape }: OnnxValue): OnnxValue {
    const [c3, h, w] = shape as [number, number, number];
    return { name: reshape(x, [0, c3 / 3, h, w]), shape: [c3 / 3, h, w] };
  }
  function biasOf(name: string, { bias = true }: LayerOptions): string[] {
    if (!bias) return [];
    const { shape, values } = weight(`${name}.bias`);
    return [store(`${name}.bias`, shape, values)];
  }

  return {
    conv(x, name, channels, options = {}) {
      const { shape, values } = layer(name, options);
      const [kernel, , inChannels] = shape as [number, number, number];
      const [, h, w] = x.shape as [number, number, number];
      const filter = store(
        `${name}.weight`,
        [channels, inChannels, kernel, kernel],
        toOutFirst(values, kernel * kernel, inChannels, channels),
      );
      const pad = (kernel - 1) / 2;
      const out = model.node(
        "Conv",
        [x.name, filter, ...biasOf(name, options)],
        { kernel_shape: [kernel, kernel], pads: [pad, pad, pad, pad] },
      );
      return { name: out, shape: [channels, h, w] };
    },
    dense(x, name, features, options = {}) {
      const { shape, values } = layer(name, options);
      const matrix = store(`${name}.weight`, shape, values);
      const bias = biasOf(name, options);
      const out = model.node("Gemm", [x.name, matrix, ...bias]);
      return { name: out, shape: [features] };
    },
    relu: (x) => onnx("Relu", [x]),
    silu: (x) => onnx("Mul", [x, onnx("Sigmoid", [x])]),
    gelu(x) {
      const scaled = times(x, Math.SQRT1_2);
      const erf = model.node("Erf", [scaled.name]);
      const cdf = { name: model.node("Add", [erf, scalar(1)]), shape: x.shape };
      return onnx("Mul", [times(x, 0.5), cdf]);
    },
    scale: times,
    gain(x, name) {
      const [value] = weight(name).values;
      return times(x, value!);
    },
    bias(x, name) {
      const { values } = weight(name);
      const stored = store(name, [1, values.length, 1, 1], values);
      return { name: model.node("Add", [x.name, stored]), shape: x.shape };
    },
    add: (x, y) => onnx("Add", [x, y]),
    concat: (x, y) =>
      onnx("Concat", [x, y], [
        x.shape[0]! + y.shape[0]!,
        ...x.shape.slice(1),
      ], { axis: 1 }),
    groupNorm(x, name, groups) {
      const [c, h, w] = x.shape as [number, number, number];
      const ones = model.weights(
        `${name}.ones`,
        [groups],
        new Float32Array(groups).fill(1),
      );
      const zeros = model.weights(
        `${name}.zeros`,
        [groups],
        new Float32Array(groups),
      );
      const grouped = reshape(x.name, [0, groups, c / groups * h * w]);
      const normal = reshape(
        model.node("InstanceNormalization", [grouped, ones, zeros], {
          epsilon: { float: NORM_EPSILON },
        }),
        [0, c, h, w],
      );
      const gain = weight(`${name}.gain`);
      const bias = weight(`${name}.bias`);
      const scaled = model.node("Mul", [
        normal,
        store(`${name}.gain`, [1, c, 1, 1], gain.values),
      ]);
      const out = model.node("Add", [
        scaled,
        store(`${name}.bias`, [1, c, 1, 1], bias.values),
      ]);
      return { name: out, shape: x.shape };
    },
    batchNorm(x, name) {
      const c = x.shape[0]!;
      const part = (key: string) => weight(`${name}.${key}`).values;
      const [gain, bias, mean, variance] = [
        part("gain"),
        part("bias"),
        part("mean"),
        part("variance"),
      ];
      const factor = gain.map((g, i) =>
        g / Math.sqrt(variance[i]! + NORM_EPSILON)
      );
      const shift = bias.map((b, i) => b - mean[i]! * factor[i]!);
      const scaled = model.node("Mul", [
        x.name,
        store(`${name}.factor`, [1, c, 1, 1], factor),
      ]);
      const stored = store(`${name}.shift`, [1, c, 1, 1], shift);
      return { name: model.node("Add", [scaled, stored]), shape: x.shape };
    },
    pixelNorm: (x) => ({ name: unitRms(x.name, 1), shape: x.shape }),
    depthwise(x, name, kernel) {
      const c = x.shape[0]!;
      const { values } = weight(`${name}.weight`);
      const filter = store(
        `${name}.weight`,
        [c, 1, kernel, kernel],
        toOutFirst(values, kernel * kernel, 1, c),
      );
      const pad = (kernel - 1) / 2;
      const out = model.node("Conv", [x.name, filter, ...biasOf(name, {})], {
        kernel_shape: [kernel, kernel],
        pads: [pad, pad, pad, pad],
        group: c,
      });
      return { name: out, shape: x.shape };
    },
    maxPool(x) {
      const [c, h, w] = x.shape as [number, number, number];
      return onnx("MaxPool", [x], [c, h / 2, w / 2], {
        kernel_shape: [2, 2],
        strides: [2, 2],
      });
    },
    modulate(x, scale, shift) {
      const gain = model.node("Add", [perChannel(scale), scalar(1)]);
      const scaled = model.node("Mul", [x.name, gain]);
      return {
        name: model.node("Add", [scaled, perChannel(shift)]),
        shape: x.shape,
      };
    },
    shift: (x, shift) => ({
      name: model.node("Add", [x.name, perChannel(shift)]),
      shape: x.shape,
    }),
    canvas(x, name, like, channels) {
      const { shape, values } = weight(`${name}.weight`);
      const [, h, w] = like.shape as [number, number, number];
      const matrix = store(`${name}.weight`, shape, values);
      const drawn = reshape(model.node("Gemm", [x.name, matrix]), [
        0,
        h,
        w,
        channels,
      ]);
      const perm = [0, 3, 1, 2];
      return {
        name: model.node("Transpose", [drawn], { perm }),
        shape: [channels, h, w],
      };
    },
    dropout: (x) => x,
    split(x, parts) {
      const outputs = Array.from({ length: parts }, () => model.name());
      model.nodes("Split", [x.name], { axis: 1, num_outputs: parts }, outputs);
      return outputs.map((name) => ({ name, shape: [x.shape[0]! / parts] }));
    },
    spaceToDepth(x) {
      const [c, h, w] = x.shape as [number, number, number];
      return onnx("SpaceToDepth", [x], [4 * c, h / 2, w / 2], { blocksize: 2 });
    },
    depthToSpace(x) {
      const [c, h, w] = x.shape as [number, number, number];
      return onnx("DepthToSpace", [x], [c / 4, 2 * h, 2 * w], { blocksize: 2 });
    },
    fourier(x, frequencies) {
      const row = Float32Array.from(frequencies, (f) => 2 * Math.PI * f);
      const matrix = model.weights("frequencies", [1, row.length], row);
      const angle = model.node("MatMul", [x.name, matrix]);
      const parts = [model.node("Cos", [angle]), model.node("Sin", [angle])];
      return {
        name: model.node("Concat", parts, { axis: 1 }),
        shape: [2 * row.length],
      };
    },
    attention(qkv, heads) {
      const [q, k, v, size] = splitHeads(qkv, heads);
      const queries = swap(unitRms(q, 2));
      const logits = model.node("Mul", [
        model.node("MatMul", [queries, unitRms(k, 2)]),
        scalar(1 / Math.sqrt(size)),
      ]);
      const weights = model.node("Softmax", [logits], { axis: -1 });
      // values [c/heads, pixels] · weightsᵀ [pixels, queries] = [c/heads, queries]
      return joinHeads(model.node("MatMul", [v, swap(weights)]), qkv);
    },
    linearAttention(qkv, heads) {
      const [q, k, v, size] = splitHeads(qkv, heads);
      const weights = model.node("Softmax", [k], { axis: -1 });
      // values [d, pixels] · weightsᵀ [pixels, d] = contextᵀ [d, d]
      const context = model.node("MatMul", [v, swap(weights)]);
      const queries = model.node("Mul", [
        model.node("Softmax", [q], { axis: 2 }),
        scalar(1 / Math.sqrt(size)),
      ]);
      return joinHeads(model.node("MatMul", [context, queries]), qkv);
    },
  };
}

/** Scales each column of a matrix with `columns` columns to norm 1, as `unitWeights()` does. */
function unitColumns(values: Float32Array, columns: number): Float32Array {
  const squares = new Float64Array(columns);
  values.forEach((value, i) => squares[i % columns]! += value ** 2);
  return values.map((value, i) =>
    value / Math.sqrt(squares[i % columns]! + UNIT_EPSILON)
  );
}

/** `[taps, in, out]` to `[out, in, taps]`. */
function toOutFirst(
  values: Float32Array,
  taps: number,
  inChannels: number,
  outChannels: number,
): Float32Array {
  const out = new Float32Array(values.length);
  let at = 0;
  for (let t = 0; t < taps; t++) {
    for (let i = 0; i < inChannels; i++) {
      for (let o = 0; o < outChannels; o++, at++) {
        out[(o * inChannels + i) * taps + t] = values[at]!;
      }
    }
  }
  return out;
}
