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
import { AttrType } from "./c_api.ts";
import type { OpAttr } from "./attributes.ts";
import { CASTS, registerConvolution } from "./convolution.ts";
import {
  type NativeBackend,
  openSequences,
  type Sequence,
} from "./sequence.ts";

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
const DROP_AXES: OpAttr = {
  name: "keep_dims",
  type: AttrType.BOOL,
  value: false,
};
const NORM: OpAttr[] = [
  NHWC,
  { name: "epsilon", type: AttrType.FLOAT, value: NORM_EPSILON },
  { name: "is_training", type: AttrType.BOOL, value: true },
];

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
  const cpu = !backend.isUsingGpuDevice;
  const runSequence = openSequences(backend);
  const run = (name: string, attrs: OpAttr[], inputs: tf.Tensor[]) =>
    backend.executeSingleOutput(name, attrs, inputs);
  const toLow = (x: tf.Tensor) => low ? run("Cast", CASTS.bfloat16, [x]) : x;
  const toFull = (x: tf.Tensor) => low ? run("Cast", CASTS.float32, [x]) : x;
  const lowered = ({ op }: Sequence, x: number) =>
    low ? op("Cast", CASTS.bfloat16, [x]) : x;
  const raised = ({ op }: Sequence, x: number) =>
    low ? op("Cast", CASTS.float32, [x]) : x;

  /** Sums over `axes` in float32; BiasAddGrad adds bfloat16 numbers in bfloat16 and stands still at 256 times their size. */
  const sum = (x: tf.Tensor, axes: number[]) =>
    runSequence(
      [x],
      (s, x) => raised(s, s.op("Sum", [DROP_AXES], [x, s.constant(axes)])),
    );
  const sumPerChannel = (x: tf.Tensor) =>
    low && x.rank === 4 ? sum(x, [0, 1, 2]) : run("BiasAddGrad", [NHWC], [x]);

  const convolution = registerConvolution(runSequence, {
    low,
    cpu,
    sumPerChannel,
  });
  const kernels: Kernels = {
    lower: (x) =>
      low ? withGradient([x], () => toLow(x), (dy) => [toFull(dy)]) : x,
    raise: (x) =>
      low ? withGradient([x], () => toFull(x), (dy) => [toLow(dy)]) : x,
    conv: (x, weight, bias) =>
      tf.engine().runKernel(convolution, {
        x,
        weight,
        ...(bias && { bias }),
      }),
    bias: (x, bias) =>
      withGradient(
        [x, bias],
        () =>
          runSequence([x, bias], (s, x_, bias) =>
            s.op("BiasAdd", [NHWC], [
              x_,
              x.rank === 4 ? lowered(s, bias) : bias,
            ])),
        (dy) => [dy.clone(), sumPerChannel(dy)],
      ),
    relu: (x) =>
      withGradient([x], (save) => {
        const y = run("Relu", [], [x]);
        save([y]);
        return y;
      }, (dy, [y]) => [run("ReluGrad", [], [dy, y!])]),
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
        () =>
          runSequence([x, shift], (s, x_, shift) =>
            s.op("AddV2", [], [x_, perPicture(s, lowered(s, shift), x)])),
        (dy) => [dy.clone(), sum(dy, [1, 2])],
      ),
    modulate: (x, scale, shift) =>
      withGradient(
        [x, scale, shift],
        (save) => {
          const gain = toLow(tf.add(scale, 1));
          save([x, gain]);
          return runSequence([x, gain, shift], (s, x_, gain, shift) => {
            const scaled = s.op("Mul", [], [x_, perPicture(s, gain, x)]);
            const added = perPicture(s, lowered(s, shift), x);
            return s.op("AddV2", [], [scaled, added]);
          });
        },
        (dy, saved) => {
          const [x, gain] = saved as [tf.Tensor, tf.Tensor];
          return [
            runSequence([dy, gain], (s, dy, gain) =>
              s.op("Mul", [], [dy, perPicture(s, gain, x)])),
            sum(run("Mul", [], [dy, x]), [1, 2]),
            sum(dy, [1, 2]),
          ];
        },
      ),
  };
  return kernels;
}

/** `[n, c]` as `[n, 1, 1, c]`, to go with the pictures `x`. */
function perPicture({ op, constant }: Sequence, id: number, x: tf.Tensor) {
  return op("Reshape", [], [id, constant([x.shape[0]!, 1, 1, x.shape[3]!])]);
}
