/**
 * What TensorFlow.js's WASM backend lacks for training, or has only as a slow loop, composed from its fast XNNPACK
 * kernels. Call after the backend is ready, else the set-up of the replaced kernels is lost.
 *
 * @module
 */

import * as tf from "@tensorflow/tfjs";

const backendName = "wasm";

interface ConvAttrs {
  strides: number | [number, number];
  pad: "same" | "valid" | number;
  dimRoundingMode?: "floor" | "round" | "ceil";
  filterShape: [number, number, number, number];
  inputShape: [number, number, number, number];
}

/** Registers the kernels. */
export function registerTrainingKernels(): void {
  tf.registerKernel({
    kernelName: "Conv2DBackpropFilter",
    backendName,
    kernelFunc: ({ inputs, attrs }) =>
      tf.tidy(() =>
        filterGradient(
          inputs.x as tf.Tensor4D,
          inputs.dy as tf.Tensor4D,
          attrs as unknown as ConvAttrs,
        )
      ),
  });
  replaceKernel("Conv2DBackpropInput", (original) => (args) => {
    const attrs = args.attrs as unknown as ConvAttrs;
    const { dy, filter } = args.inputs as Record<string, tf.Tensor4D>;
    const { padInfo, strideHeight, strideWidth } = convInfo(
      attrs.inputShape,
      filter!.shape,
      attrs,
    );
    if (strideHeight !== 1 || strideWidth !== 1) return original(args);
    return tf.tidy(() => inputGradient(dy!, filter!, padInfo));
  });
  replaceKernel("BatchMatMul", (original) => (args) => {
    const { a, b } = args.inputs as Record<string, tf.Tensor>;
    const { transposeA, transposeB } = args.attrs as Record<string, boolean>;
    return tf.tidy(() => {
      const left = transposeA ? transposeLast(a!) : a!;
      const right = transposeB ? transposeLast(b!) : b!;
      return matMulEach(
        left,
        right,
        (a, b) =>
          tf.engine().makeTensorFromTensorInfo(
            original({
              ...args,
              inputs: { a, b },
              attrs: { transposeA: false, transposeB: false },
            }) as tf.TensorInfo,
          ),
      );
    });
  });
}

function replaceKernel(
  kernelName: string,
  wrap: (original: tf.KernelFunc) => tf.KernelFunc,
): void {
  const kernel = tf.getKernel(kernelName, backendName)!;
  tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel({ ...kernel, kernelFunc: wrap(kernel.kernelFunc) });
}

function convInfo(
  inShape: [number, number, number, number],
  filterShape: [number, number, number, number],
  { strides, pad, dimRoundingMode }: ConvAttrs,
) {
  return tf.backend_util.computeConv2DInfo(
    inShape,
    filterShape,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
}

/** dW as a convolution of x, transposed to [c, h, w, n], with dy, transposed to [h, w, n, o], as its filter. */
function filterGradient(
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  attrs: ConvAttrs,
): tf.Tensor {
  const [kh, kw, inChannels, outChannels] = attrs.filterShape;
  const { padInfo, strideHeight, strideWidth } = convInfo(
    x.shape,
    attrs.filterShape,
    attrs,
  );
  if (kh === 1 && kw === 1 && strideHeight === 1 && strideWidth === 1) {
    const rows = tf.transpose(tf.reshape(x, [-1, inChannels]));
    const columns = tf.reshape(dy, [-1, outChannels]) as tf.Tensor2D;
    return tf.reshape(
      tf.matMul(rows as tf.Tensor2D, columns),
      attrs.filterShape,
    );
  }
  const { top, bottom, left, right } = padInfo;
  const padded = tf.pad(x, [[0, 0], [top, bottom], [left, right], [0, 0]]);
  const taps = tf.conv2d(
    tf.transpose(padded, [3, 1, 2, 0]),
    tf.transpose(dy, [1, 2, 0, 3]),
    1,
    "valid",
    "NHWC",
    [strideHeight, strideWidth],
  );
  const kept = tf.slice(taps, [0, 0, 0, 0], [inChannels, kh, kw, outChannels]);
  return tf.transpose(kept, [1, 2, 0, 3]);
}

/** dx as a convolution of dy with the filter turned by 180° and its channels exchanged. */
function inputGradient(
  dy: tf.Tensor4D,
  filter: tf.Tensor4D,
  { top, bottom, left, right }: tf.backend_util.PadInfo,
): tf.Tensor {
  const [kh, kw] = filter.shape;
  const padded = tf.pad(dy, [
    [0, 0],
    [kh - 1 - top, kh - 1 - bottom],
    [kw - 1 - left, kw - 1 - right],
    [0, 0],
  ]);
  const turned = tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]);
  return tf.conv2d(padded, turned as tf.Tensor4D, 1, "valid");
}

function transposeLast(x: tf.Tensor): tf.Tensor {
  const { rank } = x;
  const order = Array.from({ length: rank - 2 }, (_, i) => i);
  return tf.transpose(x, [...order, rank - 1, rank - 2]);
}

/** Products of the last two axes, one at a time: a single product has the fast kernel, a batch of them has not. */
function matMulEach(
  a: tf.Tensor,
  b: tf.Tensor,
  product: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
): tf.Tensor {
  const [m, k] = a.shape.slice(-2) as [number, number];
  const n = b.shape.at(-1)!;
  const batchA = a.size / (m * k);
  const batchB = b.size / (k * n);
  const a3 = tf.reshape(a, [batchA, m, k]);
  const b3 = tf.reshape(b, [batchB, k, n]);
  const outer = (batchA >= batchB ? a : b).shape.slice(0, -2);
  const count = Math.max(batchA, batchB);
  const products = Array.from({ length: count }, (_, i) =>
    product(
      tf.slice(a3, [i % batchA, 0, 0], [1, m, k]),
      tf.slice(b3, [i % batchB, 0, 0], [1, k, n]),
    ));
  const stacked = count === 1 ? products[0]! : tf.concat(products, 0);
  return tf.reshape(stacked, [...outer, m, n]);
}
