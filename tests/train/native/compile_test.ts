import assert from "node:assert/strict";
import * as tf from "../../../train/tfjs/mod.ts";
import { philoxNoise } from "@emoji/diffusion/random";
import { openBackend } from "../../../train/backend.ts";
import { findTensorflow } from "../../../train/native/library.ts";

const ignore = findTensorflow() === undefined;
const suffix = ignore ? " (ignored: no TensorFlow)" : "";
const open = () => openBackend("native", { threads: 1 });

function normal(seed: number, shape: number[]): tf.Tensor {
  const values = new Float32Array(shape.reduce((a, b) => a * b));
  philoxNoise(seed).normal(values);
  return tf.tensor(values, shape);
}

Deno.test({
  name: `compile() computes what its parts do, gradients too${suffix}`,
  ignore,
  async fn() {
    const { kernels, compile } = await open();
    const body = (...inputs: tf.Tensor[]) => {
      const [x, weight, bias] = inputs as [
        tf.Tensor4D,
        tf.Tensor4D,
        tf.Tensor1D,
      ];
      const loss = (...inputs: tf.Tensor[]) => {
        const [x, weight, bias] = inputs as typeof inputs & [
          tf.Tensor4D,
          tf.Tensor4D,
          tf.Tensor1D,
        ];
        const y = kernels.relu(kernels.conv(x, weight, bias));
        const wide = tf.concat([y, x, y], 3);
        const [a, b] = tf.split(wide, [3, 6], 3) as [tf.Tensor, tf.Tensor];
        return tf.add(tf.mean(tf.square(a)), tf.sum(tf.mul(b, 0.01)));
      };
      const gradients = tf.grads(loss)([x, weight, bias]);
      return [loss(x, weight, bias), ...gradients];
    };
    const compiled = compile(body);
    for (const [seed, n] of [[1, 2], [2, 2], [3, 5]] as const) {
      const inputs = [
        normal(seed, [n, 8, 8, 3]),
        normal(seed + 10, [3, 3, 3, 3]),
        normal(seed + 20, [3]),
      ];
      const wanted = tf.tidy(() => body(...inputs));
      const before = tf.memory().numTensors;
      const got = compiled(...inputs);
      assert.equal(tf.memory().numTensors, before + got.length);
      got.forEach((tensor, i) => {
        assert.deepEqual(tensor.shape, wanted[i]!.shape);
        assert.deepEqual(tensor.dataSync(), wanted[i]!.dataSync());
      });
      tf.dispose([inputs, wanted, got]);
    }
  },
});

Deno.test({
  name: `compile() keeps what comes from elsewhere as it was${suffix}`,
  ignore,
  async fn() {
    const { compile } = await open();
    const outer = tf.tensor1d([1, 2]);
    let factor = 3;
    const compiled = compile((x) => [tf.mul(tf.add(x, outer), factor)]);
    const read = (...values: number[]) => {
      const [y] = tf.tidy(() => compiled(tf.tensor1d(values)));
      return [...y!.dataSync()];
    };
    assert.deepEqual(read(1, 1), [6, 9]);
    outer.dispose();
    factor = 100;
    assert.deepEqual(read(0, 1), [3, 9]);
  },
});

Deno.test({
  name: `compile() leaves nothing behind where its body fails${suffix}`,
  ignore,
  async fn() {
    const { compile } = await open();
    let fails = true;
    const compiled = compile((x) => {
      if (fails) throw new Error("not yet");
      return [tf.add(x, 1)];
    });
    const x = tf.tensor1d([1]);
    assert.throws(() => compiled(x), /not yet/);
    fails = false;
    assert.deepEqual([...compiled(x)[0]!.dataSync()], [2]);
  },
});
