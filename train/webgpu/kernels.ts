/**
 * TensorFlow.js's WebGPU backend sums a filter's gradient over all pictures and pixels in one thread a weight. As one
 * matrix product a tap it fills the GPU.
 *
 * @module
 */

import * as tf from "@tensorflow/tfjs";

const KERNEL = "Conv2DBackpropFilter";
const backendName = "webgpu";

/** Replaces the kernel for the convolutions that networks here use: stride 1, same size; leaves the others alone. */
export function registerFilterGradient(): void {
  const original = tf.getKernel(KERNEL, backendName)!;
  tf.unregisterKernel(KERNEL, backendName);
  tf.registerKernel({
    ...original,
    kernelFunc: (args) => {
      const { x, dy } = args.inputs as Record<string, tf.Tensor4D>;
      const { filterShape, strides, pad } = args.attrs as unknown as {
        filterShape: [number, number, number, number];
        strides: number | [number, number];
        pad: unknown;
      };
      const unit = [strides].flat().every((stride) => stride === 1);
      if (!unit || pad !== "same" || filterShape[0] % 2 === 0) {
        return original.kernelFunc(args);
      }
      return tf.tidy(() => filterGradient(x!, dy!, filterShape));
    },
  });
}

/** dW[tap] = Σ over pictures of x shifted by the tap, transposed, times dy. */
function filterGradient(
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  [kh, kw, inChannels, outChannels]: [number, number, number, number],
): tf.Tensor {
  const [n, h, w] = dy.shape;
  const [top, left] = [(kh - 1) / 2, (kw - 1) / 2];
  const padded = tf.pad(x, [[0, 0], [top, top], [left, left], [0, 0]]);
  const columns = tf.reshape(dy, [n * h * w, outChannels]) as tf.Tensor2D;
  const taps: tf.Tensor2D[] = [];
  for (let i = 0; i < kh; i++) {
    for (let j = 0; j < kw; j++) {
      const shifted = tf.slice(padded, [0, i, j, 0], [n, h, w, inChannels]);
      const rows = tf.reshape(shifted, [n * h * w, inChannels]) as tf.Tensor2D;
      taps.push(tf.matMul(rows, columns, true, false));
    }
  }
  return tf.reshape(tf.stack(taps), [kh, kw, inChannels, outChannels]);
}
