import assert from "node:assert/strict";
import { conditionLayout } from "../../train/condition_layout.ts";
import { saveDataset } from "../../train/dataset.ts";
import { distilled } from "../../train/distillation/distillation.ts";
import { openTeacher } from "../../train/distillation/read_teacher.ts";
import { initializeFrom, readGivenWeights } from "../../train/init_weights.ts";
import { checkpointOfModel } from "../../train/model_checkpoint.ts";
import {
  initialWeights,
  summarizeNetwork,
} from "../../train/network/parameters.ts";
import {
  readModelFolder,
  writeModelFolder,
} from "../../train/onnx/model_folder.ts";
import { emoji } from "../../train/presets/emoji.ts";
import { upsampler } from "../../train/presets/upsampler.ts";
import { buildModel, withUpsampler } from "../../train/trained_run.ts";
import { tinyDataset, tinyRun } from "./tiny_run.ts";

const { dataset, clean } = await tinyDataset();
await clean();
const run = distilled({ ...emoji, size: 8 }, { guidance: 1.5 });
const layout = conditionLayout(dataset.manifest.vocabularies, run.distillation);
const summary = summarizeNetwork(run.network, run.size, layout.size);
const weights = initialWeights(summary.parameters, 7);

/** A model of first weights. */
async function modelFolder(config = run): Promise<string> {
  const dir = await Deno.makeTempDir();
  await saveDataset(`${dir}/emoji-8`, dataset);
  const summary = summarizeNetwork(config.network, config.size, layout.size);
  const { config: model, onnx } = buildModel("tiny", {
    checkpoint: {
      version: 1,
      config,
      step: 3,
      images: 24,
      seconds: 36,
      vectors: {},
    },
    ema: 0,
    weights: initialWeights(summary.parameters, 7),
    blended: [{ images: 5, share: 0.25 }],
    summary,
    layout,
    dataset,
  }, { weightType: "float32" });
  await Deno.writeTextFile(`${dir}/config.json`, JSON.stringify(model));
  await Deno.writeFile(`${dir}/model.onnx`, onnx);
  return dir;
}

Deno.test("checkpointOfModel() has the weights of the run that a model came from, in their order, and how it was distilled", async () => {
  const dir = await modelFolder();
  const checkpoint = await checkpointOfModel(dir);
  assert.deepEqual(checkpoint.vectors.weights, weights);
  const { distillation } = run;
  assert.deepEqual(checkpoint.config, {
    ...emoji,
    size: 8,
    distillation,
    ema: [],
  });
  assert.deepEqual([checkpoint.images, checkpoint.seconds], [24, 36]);
  assert.deepEqual(checkpoint.blended, [{ images: 5, share: 0.25 }]);
  const { features } = openTeacher(
    checkpoint,
    dir,
    "sampled",
    layout.step!.offset,
    { ...run, size: 16, upsample: { width: 2 } },
  );
  assert.equal(features, run.distillation!.features);
  await Deno.remove(dir, { recursive: true });
});

Deno.test("checkpointOfModel() and readGivenWeights() take a model's upsampler where that is wanted", async () => {
  const dir = await modelFolder();
  const config = { ...upsampler, size: 16, upsample: { width: 2 }, ema: [0.1] };
  const summary = summarizeNetwork(config.network, config.size, layout.size);
  const weights = initialWeights(summary.parameters, 8);
  await assert.rejects(
    () => checkpointOfModel(dir, "upsampler"),
    /^Error: Cannot take the upsampler of .* as its config.json must name one/,
  );
  const files = withUpsampler(
    await readModelFolder(dir),
    {
      checkpoint: {
        version: 1,
        config,
        step: 1,
        images: 8,
        seconds: 72,
        vectors: {},
      },
      ema: 0.1,
      weights,
      blended: [],
      summary,
      layout,
      dataset,
    },
    "float32",
  );
  await writeModelFolder(dir, files);
  const checkpoint = await checkpointOfModel(dir, "upsampler");
  assert.deepEqual(checkpoint.vectors, { weights, "ema_0.1": weights });
  assert.deepEqual(checkpoint.config, config);
  assert.deepEqual([checkpoint.images, checkpoint.seconds], [8, 72]);
  const flat = new Float32Array(weights.length);
  const given = await readGivenWeights(dir, "upsampler");
  const { fresh } = initializeFrom(given, summary.parameters, layout, flat);
  assert.deepEqual([fresh, flat], [[], weights]);
  await Deno.remove(dir, { recursive: true });
});

Deno.test("checkpointOfModel() reads a network that is no longer its preset's, as every shipped model may be", async () => {
  const { network } = tinyRun;
  const dir = await modelFolder({ ...run, network });
  const { config, vectors } = await checkpointOfModel(dir);
  assert.deepEqual(config.network, network);
  const { size } = summarizeNetwork(network, run.size, layout.size);
  assert.equal(vectors.weights!.length, size);
  await Deno.remove(dir, { recursive: true });
  for (const { name } of Deno.readDirSync("models")) {
    const model = await checkpointOfModel(`models/${name}`);
    assert(model.vectors.weights!.every(Number.isFinite), name);
  }
});

Deno.test("checkpointOfModel() refuses a network that is not the one it is told of, and a preset that there is not", async () => {
  const { network } = tinyRun;
  const other = await modelFolder({ ...run, network });
  const path = `${other}/config.json`;
  const told = JSON.parse(await Deno.readTextFile(path));
  told.training.network.embedding++;
  await Deno.writeTextFile(path, JSON.stringify(told));
  await assert.rejects(
    () => checkpointOfModel(other),
    /must be that of its config\.json, whose/,
  );
  delete told.training.network;
  await Deno.writeTextFile(path, JSON.stringify(told));
  await assert.rejects(
    () => checkpointOfModel(other),
    /must be that of the preset emoji, whose .* has \d+ weights: current value is (\d+|none)$/,
  );
  const unknown = await modelFolder({ ...run, preset: "dalle" });
  await assert.rejects(
    () => checkpointOfModel(unknown),
    /must name the preset of its training, one of emoji, .*: current value is dalle$/,
  );
  for (const dir of [other, unknown]) {
    await Deno.remove(dir, { recursive: true });
  }
});
