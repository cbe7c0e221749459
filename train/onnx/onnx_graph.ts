/**
 * Writes a network as ONNX operators: the interpreter of {@linkcode "../network/graph.ts"} for export. Pictures are
 * `[n, c, h, w]` here, as ONNX wants them.
 *
 * @module
 */

import type { Graph, LayerOptions } from "../network/graph.ts";
import { type OnnxModel, type WeightType } from "./model.ts";

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

/** Small numbers that must not lose precision stay in float32. */
const SMALL = 4096;

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
  function store(
    name: string,
    shape: readonly number[],
    values: Float32Array,
  ): string {
    const small = values.length < SMALL;
    return model.weights(name, shape, values, small ? "float32" : type);
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
  function biasOf(name: string, { bias = true }: LayerOptions): string[] {
    if (!bias) return [];
    const { shape, values } = weight(`${name}.bias`);
    return [store(`${name}.bias`, shape, values)];
  }

  return {
    conv(x, name, channels, options = {}) {
      const { shape, values } = weight(`${name}.weight`);
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
      const { shape, values } = weight(`${name}.weight`);
      const matrix = store(`${name}.weight`, shape, values);
      const bias = biasOf(name, options);
      const out = model.node("Gemm", [x.name, matrix, ...bias]);
      return { name: out, shape: [features] };
    },
    relu: (x) => onnx("Relu", [x]),
    silu: (x) => onnx("Mul", [x, onnx("Sigmoid", [x])]),
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
          epsilon: { float: 1e-5 },
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
      const [c3, h, w] = qkv.shape as [number, number, number];
      const c = c3 / 3;
      const parts = [model.name(), model.name(), model.name()] as const;
      // [n, 3, heads, c/heads, pixels]: queries, keys and values along axis 1.
      const split = reshape(qkv.name, [0, 3, heads, c / heads, h * w]);
      model.nodes("Split", [split], { axis: 1, num_outputs: 3 }, parts);
      const [q, k, v] = parts.map((part) =>
        reshape(part, [0, heads, c / heads, h * w])
      ) as [string, string, string];
      const unit = (a: string) => {
        const square = model.node("Mul", [a, a]);
        const mean = model.node("ReduceMean", [square, model.integers([2])]);
        const root = model.node("Sqrt", [
          model.node("Add", [mean, scalar(1e-4)]),
        ]);
        return model.node("Div", [a, root]);
      };
      const queries = model.node("Transpose", [unit(q)], {
        perm: [0, 1, 3, 2],
      });
      const logits = model.node("Mul", [
        model.node("MatMul", [queries, unit(k)]),
        scalar(1 / Math.sqrt(c / heads)),
      ]);
      const attention = model.node("Softmax", [logits], { axis: -1 });
      // values [c/heads, pixels] · attentionᵀ [pixels, queries] = [c/heads, queries]
      const mixed = model.node("MatMul", [
        v,
        model.node("Transpose", [attention], { perm: [0, 1, 3, 2] }),
      ]);
      return { name: reshape(mixed, [0, c, h, w]), shape: [c, h, w] };
    },
  };
}

/** `[taps, in, out]` to `[out, in, taps]`. */
function toOutFirst(
  values: Float32Array,
  taps: number,
  inChannels: number,
  outChannels: number,
): Float32Array {
  const out = new Float32Array(values.length);
  for (let t = 0, at = 0; t < taps; t++) {
    for (let i = 0; i < inChannels; i++) {
      for (let o = 0; o < outChannels; o++, at++) {
        out[(o * inChannels + i) * taps + t] = values[at]!;
      }
    }
  }
  return out;
}
