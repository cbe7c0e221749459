/**
 * Convolution with its bias as one kernel of TensorFlow.js. Unlike the parts of a `tf.customGrad`, gradients that
 * nobody asks for, such as that of the first layer's pictures, are not computed.
 *
 * @module
 */

import * as tf from "@tensorflow/tfjs";
import type { OpAttr } from "./attributes.ts";
import { AttrType, DataType } from "./c_api.ts";
import { prefersTaps, tapGradient } from "./filter_gradient.ts";
import type { RunSequence } from "./sequence.ts";

const CONV: OpAttr[] = [
  { name: "data_format", type: AttrType.STRING, value: "NHWC" },
  { name: "strides", type: AttrType.INT, value: [1, 1, 1, 1] },
  { name: "padding", type: AttrType.STRING, value: "SAME" },
  { name: "dilations", type: AttrType.INT, value: [1, 1, 1, 1] },
];

/** Attributes of a cast to each type from the other. */
export const CASTS = {
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

/** oneDNN's convolution with a bias, which is no official op. */
const FUSED = "_MklNativeFusedConv2D";

function fusedAttrs(type: number): OpAttr[] {
  return [
    ...CONV,
    // How TensorFlow marks its oneDNN kernels.
    { name: "_kernel", type: AttrType.STRING, value: "MklNameChangeOp" },
    { name: "T", type: AttrType.TYPE, value: type },
    { name: "TArgs", type: AttrType.TYPE, value: [type] },
    { name: "num_args", type: AttrType.INT, value: 1 },
    { name: "fused_ops", type: AttrType.STRING, value: ["BiasAdd"] },
  ];
}

/** Whether the library has {@linkcode FUSED} and it does what it should: 1·1 + 2. */
function hasFused(runSequence: RunSequence, type: number): boolean {
  try {
    return tf.tidy(() => {
      const inputs = [tf.ones([1, 1, 1, 1]), tf.tensor1d([2])];
      const y = runSequence(inputs, ({ op }, x, bias) => {
        const to = (id: number) =>
          type === DataType.FLOAT ? id : op("Cast", CASTS.bfloat16, [id]);
        return op(FUSED, fusedAttrs(type), [to(x!), to(x!), to(bias!)]);
      });
      return y.dataSync()[0] === 3;
    });
  } catch {
    return false;
  }
}

/** What is convolved and where. */
export interface ConvolutionOptions {
  /** Whether pictures are bfloat16; weights and their gradients are float32 always. */
  low: boolean;
  /** Whether on a processor. */
  cpu: boolean;
  /** Gradient of a bias. */
  sumPerChannel: (dy: tf.Tensor) => tf.Tensor;
}

/** Registers the kernel with TensorFlow.js and returns its name; inputs `x`, `weight` and maybe `bias`. */
export function registerConvolution(
  runSequence: RunSequence,
  { low, cpu, sumPerChannel }: ConvolutionOptions,
): string {
  const kernelName = `Convolution${low ? "Bfloat16" : "Float32"}`;
  const backendName = "tensorflow";
  if (tf.getKernel(kernelName, backendName)) return kernelName;
  const type = low ? DataType.BFLOAT16 : DataType.FLOAT;
  const fused = cpu && hasFused(runSequence, type) && fusedAttrs(type);

  tf.registerKernel({
    kernelName,
    backendName,
    kernelFunc({ inputs }) {
      const { x, weight, bias } = inputs as Record<string, tf.Tensor>;
      return runSequence(
        [x!, weight!, ...(bias ? [bias] : [])],
        ({ op }, x, weight, bias) => {
          const to = (id: number) =>
            low ? op("Cast", CASTS.bfloat16, [id]) : id;
          const w = to(weight!);
          if (bias === undefined) return op("Conv2D", CONV, [x!, w]);
          return fused
            ? op(FUSED, fused, [x!, w, to(bias)])
            : op("BiasAdd", [], [op("Conv2D", CONV, [x!, w]), to(bias)]);
        },
      );
    },
  });
  tf.registerGradient({
    kernelName,
    inputsToSave: ["x", "weight"],
    gradFunc(given, saved) {
      const dy = given as tf.Tensor;
      const [x, weight] = saved as [tf.Tensor, tf.Tensor];
      return {
        x: () =>
          runSequence([weight, dy], ({ op, constant }, weight, dy) => {
            const w = low ? op("Cast", CASTS.bfloat16, [weight!]) : weight!;
            const sizes = constant(x.shape);
            return op("Conv2DBackpropInput", CONV, [sizes, w, dy!]);
          }),
        weight: () =>
          runSequence([x, dy], (sequence, x_, dy) => {
            const { op, constant } = sequence;
            const { shape } = weight;
            const sizes = constant(shape);
            const gradient = low && cpu && prefersTaps(x.shape, shape)
              ? tapGradient(sequence, x_!, dy!, x.shape, shape)
              : op("Conv2DBackpropFilter", CONV, [x_!, sizes, dy!]);
            return low ? op("Cast", CASTS.float32, [gradient]) : gradient;
          }),
        bias: () => sumPerChannel(dy),
      };
    },
  });
  return kernelName;
}
