/**
 * TensorFlow's own kernels where TensorFlow.js composes them from several: convolution in bfloat16, BiasAdd, ReluGrad,
 * SpaceToDepth. They halve the memory traffic of a training step.
 *
 * @module
 */

import * as tf from "@tensorflow/tfjs";
import type { Kernels } from "../kernels.ts";
import { AttrType, DataType } from "./c_api.ts";
import type { OpAttr } from "./binding.ts";

/** tfjs-node's backend class, as far as it is used here. */
export interface NativeBackend {
  executeSingleOutput(
    name: string,
    attrs: OpAttr[],
    inputs: tf.Tensor[],
  ): tf.Tensor;
}

/** Options for {@linkcode nativeKernels}. */
export interface NativeKernelsOptions {
  /**
   * Type in which pictures travel through the network. Weights, gradients and the optimiser stay in float32.
   * @default {"float32"}
   */
  precision?: "float32" | "bfloat16";
}

const NHWC: OpAttr = {
  name: "data_format",
  type: AttrType.STRING,
  value: "NHWC",
};
const BLOCK: OpAttr = { name: "block_size", type: AttrType.INT, value: 2 };
const CONV: OpAttr[] = [
  NHWC,
  { name: "strides", type: AttrType.INT, value: [1, 1, 1, 1] },
  { name: "padding", type: AttrType.STRING, value: "SAME" },
  { name: "use_cudnn_on_gpu", type: AttrType.BOOL, value: true },
  { name: "dilations", type: AttrType.INT, value: [1, 1, 1, 1] },
];
const CASTS = {
  bfloat16: castAttrs(DataType.FLOAT, DataType.BFLOAT16),
  float32: castAttrs(DataType.BFLOAT16, DataType.FLOAT),
};

function castAttrs(from: number, to: number): OpAttr[] {
  return [
    { name: "SrcT", type: AttrType.TYPE, value: from },
    { name: "DstT", type: AttrType.TYPE, value: to },
    { name: "Truncate", type: AttrType.BOOL, value: false },
  ];
}

/** The typed form of `tf.customGrad` that all kernels here share. */
function withGradient<T extends tf.Tensor>(
  inputs: tf.Tensor[],
  forward: (save: (tensors: tf.Tensor[]) => void) => tf.Tensor,
  backward: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.Tensor[],
): T {
  const op = tf.customGrad((...values: unknown[]) => ({
    value: forward(values.at(-1) as (tensors: tf.Tensor[]) => void),
    gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => backward(dy, saved),
  }));
  return op(...inputs) as T;
}

/** Creates kernels that run on `backend`, which must be the current one. */
export function nativeKernels(
  backend: NativeBackend,
  { precision = "float32" }: NativeKernelsOptions = {},
): Kernels {
  const low = precision === "bfloat16";
  const run = (name: string, attrs: OpAttr[], inputs: tf.Tensor[]) =>
    backend.executeSingleOutput(name, attrs, inputs);
  const toLow = (x: tf.Tensor) => low ? run("Cast", CASTS.bfloat16, [x]) : x;
  const toFull = (x: tf.Tensor) => low ? run("Cast", CASTS.float32, [x]) : x;
  const sizes = (x: tf.Tensor) => tf.tensor1d(x.shape, "int32");

  return {
    lower: (x) =>
      low ? withGradient([x], () => toLow(x), (dy) => [toFull(dy)]) : x,
    raise: (x) =>
      low ? withGradient([x], () => toFull(x), (dy) => [toLow(dy)]) : x,
    conv: (x, weight) =>
      withGradient(
        [x, weight],
        (save) => {
          const w = toLow(weight);
          save([x, w]);
          return run("Conv2D", CONV, [x, w]);
        },
        (dy, saved) => {
          const [x, w] = saved as [tf.Tensor, tf.Tensor];
          return [
            run("Conv2DBackpropInput", CONV, [sizes(x), w, dy]),
            toFull(run("Conv2DBackpropFilter", CONV, [x, sizes(w), dy])),
          ];
        },
      ),
    bias: (x, bias) =>
      withGradient(
        [x, bias],
        () =>
          run("BiasAdd", [NHWC], [x, low && x.rank === 4 ? toLow(bias) : bias]),
        (dy) => {
          const sum = run("BiasAddGrad", [NHWC], [dy]);
          return [dy.clone(), low && x.rank === 4 ? toFull(sum) : sum];
        },
      ),
    relu: (x) =>
      withGradient([x], (save) => {
        const y = run("Relu", [], [x]);
        save([y]);
        return y;
      }, (dy, [y]) => [run("ReluGrad", [], [dy, y!])]),
    spaceToDepth: (x) =>
      withGradient(
        [x],
        () => run("SpaceToDepth", [BLOCK, NHWC], [x]),
        (dy) => [run("DepthToSpace", [BLOCK, NHWC], [dy])],
      ),
    depthToSpace: (x) =>
      withGradient(
        [x],
        () => run("DepthToSpace", [BLOCK, NHWC], [x]),
        (dy) => [run("SpaceToDepth", [BLOCK, NHWC], [dy])],
      ),
    shift: (x, shift) =>
      withGradient(
        [x, shift],
        () => tf.add(x, tf.reshape(toLow(shift), [x.shape[0], 1, 1, -1])),
        (dy) => [dy.clone(), toFull(tf.sum(dy, [1, 2]))],
      ),
    modulate: (x, scale, shift) =>
      withGradient(
        [x, scale, shift],
        (save) => {
          const shape = [x.shape[0], 1, 1, x.shape[3]];
          const gain = tf.reshape(toLow(tf.add(scale, 1)), shape);
          save([x, gain]);
          return tf.add(tf.mul(x, gain), tf.reshape(toLow(shift), shape));
        },
        (dy, [x, gain]) => [
          tf.mul(dy, gain!),
          toFull(tf.sum(tf.mul(dy, x!), [1, 2])),
          toFull(tf.sum(dy, [1, 2])),
        ],
      ),
  };
}
