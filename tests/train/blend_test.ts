import assert from "node:assert/strict";
import { writeCheckpoint } from "../../train/checkpoint.ts";
import { conditionLayout } from "../../train/condition_layout.ts";
import type { RunConfig } from "../../train/config.ts";
import { saveDataset } from "../../train/dataset.ts";
import { summarizeNetwork } from "../../train/network/parameters.ts";
import { writeModelFolder } from "../../train/onnx/model_folder.ts";
import { buildModel, readTrainedRun } from "../../train/trained_run.ts";
import { emoji } from "../../train/presets/emoji.ts";
import { tinyDataset, tinyRun } from "./tiny_run.ts";

const { dir, dataset } = await tinyDataset();
globalThis.addEventListener("unload", () => {
  Deno.removeSync(dir, { recursive: true });
});
await saveDataset(`${dir}/emoji-8`, dataset);

/** A run of one checkpoint whose last average is `value` everywhere. */
async function runOf(
  value: number,
  images: number,
  network: RunConfig["network"] = tinyRun.network,
): Promise<string> {
  const path = `${dir}/${value}.ckpt`;
  const { size } = conditionLayout(dataset.manifest.vocabularies);
  const weights = summarizeNetwork(network, tinyRun.size, size).size;
  const vector = new Float32Array(weights).fill(value);
  await writeCheckpoint(path, {
    version: 1,
    config: { ...tinyRun, network },
    step: 1,
    images,
    seconds: 1,
    vectors: { weights: vector, "ema_0.05": vector, "ema_0.1": vector },
  });
  return path;
}

Deno.test("readTrainedRun() blends two runs to the mean of their weights, which the model tells of", async () => {
  const run = await runOf(0.5, 16);
  const trained = await readTrainedRun({
    run,
    data: dir,
    blend: await runOf(1.5, 800),
  });
  assert(trained.weights.every((weight) => weight === 1));
  const { config } = buildModel("tiny", trained, { weightType: "float32" });
  const { images, blended } = config.training;
  assert.deepEqual([images, blended], [16, [{ images: 800, share: 0.5 }]]);

  const led = await readTrainedRun({
    run,
    data: dir,
    blend: await runOf(1.5, 800),
    share: -0.25,
  });
  assert(led.weights.every((weight) => weight === 0.25));

  const alone = await readTrainedRun({ run, data: dir });
  assert(alone.weights.every((weight) => weight === 0.5));
  const { config: own } = buildModel("tiny", alone, { weightType: "float32" });
  assert(!("blended" in (own.training as object)));
});

Deno.test("readTrainedRun() refuses to blend networks of different shapes", async () => {
  const other = { ...tinyRun.network, embedding: 32 } as RunConfig["network"];
  const blend = await runOf(2, 8, other);
  await assert.rejects(
    async () => readTrainedRun({ run: await runOf(1, 8), data: dir, blend }),
    /--blend must name a run of the same network/,
  );
});

Deno.test("readTrainedRun() tells of all that an exported model was blended with", async () => {
  const { network } = emoji;
  const trained = await readTrainedRun({
    run: await runOf(0.25, 16, network),
    data: dir,
    blend: await runOf(0.75, 800, network),
  });
  const folder = `${dir}/model`;
  await writeModelFolder(
    folder,
    buildModel("tiny", trained, { weightType: "float32" }),
  );
  const again = await readTrainedRun({
    run: folder,
    data: dir,
    blend: await runOf(0.25, 16, network),
    share: -1,
  });
  assert(again.weights.every((weight) => weight === 0.75));
  assert.deepEqual(again.blended, [
    { images: 800, share: 0.5 },
    { images: 16, share: -1 },
  ]);
});
