import assert from "node:assert/strict";
import * as tf from "../../../train/tfjs/mod.ts";
import { upsample } from "@emoji/diffusion/upsample";
import type { TensorNetwork } from "../../../train/tensor_network.ts";
import { UPSAMPLER_SIGMA } from "../../../train/model_config.ts";
import { upsampler } from "../../../train/presets/upsampler.ts";
import { enlargeDrawn } from "../../../train/upsampling/enlarge_drawn.ts";

const COUNT = 3;
const SIZE = 4;
const CHANNELS = 4;

/** What the network below answers to a value. */
const answer = (x: number, told: number) => Math.sin(5 * x) + told;

Deno.test("enlargeDrawn() enlarges pictures as upsample() does for a model", async () => {
  const small = Float32Array.from(
    { length: COUNT * SIZE * SIZE * CHANNELS },
    (_, i) => Math.sin(i),
  );
  const network: TensorNetwork = {
    predict: (_, x, told) =>
      tf.add(tf.sin(tf.mul(5, x)), tf.reshape(told, [COUNT, 1, 1, 1])),
  };
  const config = { ...upsampler, upsample: { width: 2 } };
  const { x, x0, at, condition } = enlargeDrawn(
    { network, flat: tf.tensor1d([]) },
    tf.transpose(
      tf.tensor4d(small, [COUNT, CHANNELS, SIZE, SIZE]),
      [0, 2, 3, 1],
    ),
    tf.ones([COUNT, 5]),
    config,
  );
  assert.deepEqual(condition.shape, [COUNT, 5]);
  assert.deepEqual(x.shape, [COUNT, 2 * SIZE, 2 * SIZE, CHANNELS]);
  assert.equal(at.told.length, COUNT);
  const process = config.objective.process;
  const expected = await upsample(
    { scale: 2, process, level: UPSAMPLER_SIGMA },
    (x, told) => x.map((x) => answer(x, told)),
    small,
    {
      width: SIZE,
      height: SIZE,
      channels: CHANNELS,
      encoding: "premultiplied-rgba",
    },
  );
  const drawn = tf.transpose(x0, [0, 3, 1, 2]).dataSync();
  assert.equal(drawn.length, expected.length);
  drawn.forEach((value, i) => {
    // Training keeps to the range of pictures, which serving does when it rounds to bytes.
    const wanted = Math.max(-1, Math.min(1, expected[i]!));
    assert(Math.abs(value - wanted) < 2e-5, `${i}: ${value}, ${wanted}`);
  });
});
