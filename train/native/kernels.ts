/**
 * TensorFlow's own kernels where TensorFlow.js composes them from several: convolution in bfloat16 with its bias,
 * batch normalisation, ReluGrad, SpaceToDepth. They halve the memory traffic of a training step.
 *
 * @module
 */

import * as tf from "@tensorflow/tfjs";
import type { Kernels } from "../kernels.ts";
import { NORM_EPSILON } from "../network/graph.ts";
import { maxOfQuarters } from "../network/tensor_layers.ts";
import { AttrType, DataType } from "./c_api.ts";
import type { OpAttr } from "./binding.ts";

/** tfjs-node's backend class, as far as it is used here. */
export interface NativeBackend {
  executeSingleOutput(
    name: string,
    attrs: OpAttr[],
    inputs: tf.Tensor[],
  ): tf.Tensor;
  executeMultipleOutputs(
    name: string,
    attrs: OpAttr[],
    inputs: tf.Tensor[],
    outputs: number,
  ): tf.Tensor[];
  isUsingGpuDevice: boolean;
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
const NORM: OpAttr[] = [
  NHWC,
  { name: "epsilon", type: AttrType.FLOAT, value: NORM_EPSILON },
  { name: "is_training", type: AttrType.BOOL, value: true },
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

function fusedConvAttrs(type: number): OpAttr[] {
  return [
    ...CONV.filter(({ name }) => name !== "use_cudnn_on_gpu"),
    // How TensorFlow marks its oneDNN kernels.
    { name: "_kernel", type: AttrType.STRING, value: "MklNameChangeOp" },
    { name: "T", type: AttrType.TYPE, value: type },
    { name: "TArgs", type: AttrType.TYPE, value: [type] },
    { name: "num_args", type: AttrType.INT, value: 1 },
    { name: "fused_ops", type: AttrType.STRING, value: ["BiasAdd"] },
  ];
}

function bitcast(type: number): OpAttr[] {
  return [{ name: "type", type: AttrType.TYPE, value: type }];
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
  const sumPerChannel = (x: tf.Tensor) =>
    // BiasAddGrad adds bfloat16 numbers in bfloat16, and stands still at 256 times the numbers' size; Sum does not.
    low && x.rank === 4
      ? toFull(tf.sum(x, [0, 1, 2]))
      : run("BiasAddGrad", [NHWC], [x]);

  // As integers bfloat16 numbers are ordered like themselves where they are positive, and negative where they are
  // negative: TensorFlow compares integers seven times faster. So does it on processors; GPUs have no such kernel.
  const compare = (name: string, inputs: tf.Tensor[]) => {
    if (!low || inputs[0]!.rank !== 4 || backend.isUsingGpuDevice) {
      return run(name, [], inputs);
    }
    const bits = inputs.map((x) =>
      run("Bitcast", bitcast(DataType.INT16), [x])
    );
    return run("Bitcast", bitcast(DataType.BFLOAT16), [run(name, [], bits)]);
  };

  const fusedConv = fusedConvAttrs(low ? DataType.BFLOAT16 : DataType.FLOAT);
  const fuses = hasFusedConv();

  /** Whether the library has oneDNN's convolution with a bias, which is no official op. */
  function hasFusedConv(): boolean {
    if (backend.isUsingGpuDevice) return false;
    try {
      return tf.tidy(() => {
        const ones = tf.ones([1, 1, 1, 1]);
        const [x, b] = [toLow(ones), toLow(tf.tensor1d([2]))];
        const y = run("_MklNativeFusedConv2D", fusedConv, [x, x, b]);
        return toFull(y).dataSync()[0] === 3;
      });
    } catch {
      return false;
    }
  }

  function convolve(x: tf.Tensor, w: tf.Tensor, bias?: tf.Tensor): tf.Tensor {
    if (bias && fuses) {
      return run("_MklNativeFusedConv2D", fusedConv, [x, w, toLow(bias)]);
    }
    const y = run("Conv2D", CONV, [x, w]);
    return bias ? run("BiasAdd", [NHWC], [y, toLow(bias)]) : y;
  }

  const kernels: Kernels = {
    lower: (x) =>
      low ? withGradient([x], () => toLow(x), (dy) => [toFull(dy)]) : x,
    raise: (x) =>
      low ? withGradient([x], () => toFull(x), (dy) => [toLow(dy)]) : x,
    conv: (x, weight, bias) =>
      withGradient(
        bias ? [x, weight, bias] : [x, weight],
        (save) => {
          const w = toLow(weight);
          save([x, w]);
          return convolve(x, w, bias);
        },
        (dy, saved) => {
          const [x, w] = saved as [tf.Tensor, tf.Tensor];
          return [
            run("Conv2DBackpropInput", CONV, [sizes(x), w, dy]),
            toFull(run("Conv2DBackpropFilter", CONV, [x, sizes(w), dy])),
            ...(bias ? [sumPerChannel(dy)] : []),
          ];
        },
      ),
    bias: (x, bias) =>
      withGradient(
        [x, bias],
        () => run("BiasAdd", [NHWC], [x, x.rank === 4 ? toLow(bias) : bias]),
        (dy) => [dy.clone(), sumPerChannel(dy)],
      ),
    relu: (x) =>
      withGradient([x], (save) => {
        const y = compare("Relu", [x]);
        save([y]);
        return y;
      }, (dy, [y]) => [compare("ReluGrad", [dy, y!])]),
    trainBatchNorm: (x, { gain, bias, mean, variance }) =>
      withGradient(
        [x, gain, bias, mean, variance],
        (save) => {
          const none = tf.tensor1d([], "float32");
          const [y, batchMean, batchVariance, ...reserved] = backend
            .executeMultipleOutputs(
              "FusedBatchNormV3",
              NORM,
              [x, gain, bias, none, none],
              6,
            );
          // What the running moments are to move by, whatever the loss.
          const gaps = [
            tf.sub(mean, batchMean!),
            tf.sub(variance, batchVariance!),
          ];
          save([x, gain, ...gaps, ...reserved]);
          return y!;
        },
        (dy, [x, gain, meanGap, varianceGap, ...reserved]) => {
          const [dx, dGain, dBias] = backend.executeMultipleOutputs(
            "FusedBatchNormGradV3",
            NORM,
            [dy, x!, gain!, ...reserved],
            5,
          );
          return [dx!, dGain!, dBias!, meanGap!.clone(), varianceGap!.clone()];
        },
      ),
    // TensorFlow's MaxPoolGrad takes five times as long.
    maxPool(x) {
      const quarters = kernels.raise(kernels.spaceToDepth(x));
      return kernels.lower(maxOfQuarters(quarters));
    },
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
  return kernels;
}
