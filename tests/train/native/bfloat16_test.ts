import assert from "node:assert/strict";
import * as tf from "../../../train/tfjs/mod.ts";
import { philoxNoise } from "@emoji/diffusion/random";
import { openBackend } from "../../../train/backend.ts";
import { type Kernels, plainKernels } from "../../../train/kernels.ts";
import { nativeKernels } from "../../../train/native/kernels.ts";
import type { NativeBackend } from "../../../train/native/sequence.ts";
import { findTensorflow } from "../../../train/native/library.ts";
import { hasBfloat16Convolution } from "../../../train/native/precision.ts";

const library = findTensorflow();
const ignore = library === undefined || !hasBfloat16Convolution(library);
const suffix = ignore ? " (ignored: no TensorFlow with bfloat16)" : "";

/** Numbers that bfloat16 holds exactly, so that a maximum is the same one. */
function normal(seed: number, shape: number[], mean = 0): tf.Tensor {
  const values = new Float32Array(shape.reduce((a, b) => a * b));
  philoxNoise(seed).normal(values);
  return tf.tensor(values.map((v) => Math.round(16 * (v + mean)) / 16), shape);
}

/** Sizes at which a sum of bfloat16 numbers in bfloat16 goes astray. */
const [N, SIZE, C] = [16, 32, 8] as const;
const PICTURE = [N, SIZE, SIZE, C];

/** Operations of the kernels, with their inputs; pictures come first. */
const OPERATIONS: Record<
  string,
  [inputs: number[][], run: (kernels: Kernels, x: tf.Tensor[]) => tf.Tensor]
> = {
  "conv with bias": [
    [PICTURE, [3, 3, C, C], [C]],
    (k, [x, w, b]) =>
      k.conv(x as tf.Tensor4D, w as tf.Tensor4D, b as tf.Tensor1D),
  ],
  "conv of few pixels with many channels": [
    [[4, 8, 6, 96], [3, 3, 96, 24], [24]],
    (k, [x, w, b]) =>
      k.conv(x as tf.Tensor4D, w as tf.Tensor4D, b as tf.Tensor1D),
  ],
  "conv": [
    [PICTURE, [1, 1, C, C]],
    (k, [x, w]) => k.conv(x as tf.Tensor4D, w as tf.Tensor4D),
  ],
  "bias": [
    [PICTURE, [C]],
    (k, [x, b]) => k.bias(x!, b as tf.Tensor1D),
  ],
  "relu": [[PICTURE], (k, [x]) => k.relu(x!)],
  "maxPool": [[PICTURE], (k, [x]) => k.maxPool(x as tf.Tensor4D)],
  "spaceToDepth": [[PICTURE], (k, [x]) => k.spaceToDepth(x as tf.Tensor4D)],
  "depthToSpace": [[PICTURE], (k, [x]) => k.depthToSpace(x as tf.Tensor4D)],
  "shift": [
    [PICTURE, [N, C]],
    (k, [x, s]) => k.shift(x as tf.Tensor4D, s as tf.Tensor2D),
  ],
  "modulate": [
    [PICTURE, [N, C], [N, C]],
    (k, [x, a, b]) =>
      k.modulate(x as tf.Tensor4D, a as tf.Tensor2D, b as tf.Tensor2D),
  ],
  "trainBatchNorm": [
    [PICTURE, [C], [C], [C], [C]],
    (k, [x, gain, bias, mean, variance]) =>
      k.trainBatchNorm(x as tf.Tensor4D, {
        gain: gain!,
        bias: bias!,
        mean: mean!,
        variance: variance!,
      }),
  ],
};

/** Output and gradients by all inputs. */
function evaluate(kernels: Kernels, name: string): Float32Array[] {
  const [shapes, run] = OPERATIONS[name]!;
  return tf.tidy(() => {
    const inputs = shapes.map((shape, i) => normal(i + 1, shape, 0.5));
    const f = (...inputs: tf.Tensor[]) => {
      const [x, ...rest] = inputs;
      return kernels.raise(run(kernels, [kernels.lower(x!), ...rest]));
    };
    const y = f(...inputs);
    // A gradient with a mean, like that of a loss that is far from its minimum.
    const dy = normal(99, y.shape, 1);
    return [y, ...tf.grads(f)(inputs, dy)].map((tensor) =>
      tensor.dataSync<"float32">().slice()
    );
  });
}

/** Root mean square of the difference, relative to the second. */
function distance(a: Float32Array, b: Float32Array): number {
  assert.equal(a.length, b.length);
  const square = (v: Float32Array) => v.reduce((sum, x) => sum + x * x, 0);
  return Math.sqrt(square(a.map((x, i) => x - b[i]!)) / square(b));
}

Deno.test({
  name: `native kernels agree with plain ones to 1e-3 in float32 and 1e-2 in ` +
    `bfloat16, gradients too${suffix}`,
  ignore,
  // The library stays open for the life of the process.
  sanitizeResources: false,
  sanitizeOps: false,
  async fn(t) {
    await openBackend("native");
    const backend = tf.backend() as unknown as NativeBackend;
    const full = nativeKernels(backend);
    const low = nativeKernels(backend, { precision: "bfloat16" });
    for (const name of Object.keys(OPERATIONS)) {
      await t.step(name, () => {
        const plain = evaluate(plainKernels, name);
        const exact = evaluate(full, name);
        const rounded = evaluate(low, name);
        for (const [i, wanted] of plain.entries()) {
          const what = i === 0 ? "output" : `gradient ${i}`;
          const a = distance(exact[i]!, wanted);
          assert(a < 1e-3, `${what} in float32 is off by ${a}`);
          const b = distance(rounded[i]!, wanted);
          assert(b < 1e-2, `${what} in bfloat16 is off by ${b}`);
        }
      });
    }
  },
});
