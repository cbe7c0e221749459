import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { loadClassifier } from "../../../train/metrics/classifier.ts";
import {
  CLASSIFIER_FEATURES,
  CLASSIFIER_SIZE,
} from "../../../train/metrics/classifier_network.ts";
import { openEmbedder } from "../../../train/metrics/feature_session.ts";
import { labelCount } from "../../../train/metrics/labels.ts";
import { randomPictures } from "./test_pictures.ts";

Deno.test("loadClassifier() gives a small network with a logit a label", async () => {
  const { model, record } = await loadClassifier();
  assert.ok(model.length <= 300_000);
  const embed = await openEmbedder(model);
  const { features, logits } = await embed(
    randomPictures(3, 1, CLASSIFIER_SIZE),
  );
  assert.equal(features.length, 3 * CLASSIFIER_FEATURES);
  assert.equal(logits.length, 3 * labelCount(record));
  assert.ok(logits.every(Number.isFinite));
});

Deno.test("loadClassifier() refuses a file that is not the frozen one", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const { model, record } = await loadClassifier();
    model[1000]! ^= 1;
    await Deno.writeFile(`${folder}/classifier.onnx`, model);
    await Deno.writeTextFile(
      `${folder}/classifier.json`,
      JSON.stringify(record),
    );
    await assert.rejects(
      loadClassifier(pathToFileURL(`${folder}/`)),
      /SHA-256/,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
