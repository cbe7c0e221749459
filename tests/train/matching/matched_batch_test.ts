import assert from "node:assert/strict";
import * as tf from "../../../train/tfjs/mod.ts";
import { batchSource } from "../../../train/batch.ts";
import { conditionLayout } from "../../../train/condition_layout.ts";
import { collect } from "../../../train/data/collect.ts";
import { syntheticSource } from "../../../train/data/sources/synthetic.ts";
import { distilled } from "../../../train/distillation/distillation.ts";
import { batchTensors } from "../../../train/batch_tensors.ts";
import { tiny } from "../../../train/presets/tiny.ts";
import type { TensorNetwork } from "../../../train/tensor_network.ts";

await tf.setBackend("cpu");
await tf.ready();

const COUNT = 4;
const SIZE = 8;
const { dataset } = await collect(syntheticSource({ count: 24 }), {
  size: SIZE,
});

/** How often a teacher is asked while a batch is made ready. */
function callsOf(guidance: number, matchingGuidance: number): number {
  const config = {
    ...distilled({ ...tiny, size: SIZE, batch: COUNT }, {
      guidance,
      matching: { guidance: matchingGuidance },
    }),
  };
  const layout = conditionLayout(
    dataset.manifest.vocabularies,
    config.distillation,
  );
  let calls = 0;
  const answering = (count: () => void): TensorNetwork => ({
    predict(_, x) {
      count();
      return tf.mul(x, 0.5) as tf.Tensor4D;
    },
  });
  const flat = tf.tensor1d([]);
  const silent = { network: answering(() => {}), flat };
  const batch = batchSource(dataset, layout, config)(2, 0, COUNT);
  tf.tidy(() => {
    const { x, critic } = batchTensors(silent.network, flat, batch, config, {
      teacher: { network: answering(() => calls++), flat },
      matched: { student: silent, critic: silent },
    });
    assert.deepEqual(x.shape, [2 * COUNT, SIZE, SIZE, 4]);
    assert.equal(critic!.x.shape[0], 2 * COUNT);
  });
  return calls - 2 * batch.lesson!.steps.length;
}

Deno.test("batchTensors() has the teacher of matching guided by the scales of matching, not by those of lessons", () => {
  assert.equal(callsOf(2, 1), 1); // lessons ask twice a step, the judge once
  assert.equal(callsOf(2, 1.5), 2);
});
