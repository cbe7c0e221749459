import assert from "node:assert/strict";
import * as tf from "../../../train/tfjs/mod.ts";
import { plainKernels } from "../../../train/kernels.ts";
import { classifierOf } from "../../../train/metrics/classifier.ts";
import { randomModel } from "../../../train/metrics/evaluation.ts";
import {
  exportFeatures,
  type FeatureNetwork,
  summarizeFeatures,
} from "../../../train/metrics/feature_onnx.ts";
import { openEmbedder } from "../../../train/metrics/feature_session.ts";
import { pictureAt } from "../../../train/metrics/pictures.ts";
import { randomNetwork } from "../../../train/metrics/random_network.ts";
import { initialWeights } from "../../../train/network/parameters.ts";
import {
  splitParameters,
  tensorGraph,
} from "../../../train/network/tensor_graph.ts";
import { randomPictures } from "./test_pictures.ts";

const labels = { groups: ["a", "b"], subgroups: ["c"], styles: ["d", "e"] };
const networks: Record<string, FeatureNetwork> = {
  classifier: classifierOf(labels),
  random: (graph, pool, x) => randomNetwork(graph, pool, x, 32),
};

for (const [name, network] of Object.entries(networks)) {
  Deno.test(`exportFeatures() of the ${name} network gives the features of TensorFlow.js`, async () => {
    await tf.setBackend("cpu");
    const pictures = randomPictures(2, 1);
    const { parameters } = summarizeFeatures(network, 32);
    // Nothing stays at zero, so that every layer shows.
    const weights = initialWeights(parameters, 1).map((w, i) =>
      w + 0.02 * Math.sin(i)
    );
    const embed = await openEmbedder(
      exportFeatures(network, { size: 32, weights }),
    );
    const { features, logits } = await embed(pictures);
    const expected = tf.tidy(() => {
      const graph = tensorGraph(
        splitParameters(tf.tensor1d(weights), parameters),
        plainKernels,
      );
      const bytes = [0, 1].flatMap((i) => [...pictureAt(pictures, i)]);
      const x = tf.tensor4d(bytes.map((v) => v / 127.5 - 1), [2, 32, 32, 4]);
      const values = network(graph, (h) => tf.mean(h, [1, 2]), x);
      return {
        features: [...values.features.dataSync()],
        logits: [...values.logits?.dataSync() ?? []],
      };
    });
    near(features, expected.features);
    near(logits, expected.logits);
    assert.equal(logits.length, name === "classifier" ? 2 * 5 : 0);
  });
}

Deno.test("randomModel() is the same file every time and serves pictures of other sizes", async () => {
  assert.deepEqual(randomModel(32), randomModel(32));
  const embed = await openEmbedder(randomModel(64));
  const { features } = await embed(randomPictures(2, 1, 64));
  const [first, second] = [features.slice(0, 192), features.slice(192)];
  assert.equal(second.length, 192);
  assert.notDeepEqual(first, second);
  assert.throws(() => randomModel(28), RangeError);
});

function near(actual: Float32Array, expected: number[]): void {
  assert.equal(actual.length, expected.length);
  const scale = Math.max(...expected.map(Math.abs), 1e-9);
  actual.forEach((value, i) =>
    assert.ok(Math.abs(value - expected[i]!) < 1e-4 * scale)
  );
}
