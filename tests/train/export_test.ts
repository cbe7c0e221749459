import assert from "node:assert/strict";
import { writeCheckpoint } from "../../train/checkpoint.ts";
import { conditionLayout } from "../../train/condition_layout.ts";
import { saveDataset } from "../../train/dataset.ts";
import {
  initialWeights,
  summarizeNetwork,
} from "../../train/network/parameters.ts";
import { tinyDataset, tinyRun } from "./tiny_run.ts";

const { dir, dataset } = await tinyDataset();
globalThis.addEventListener("unload", () => {
  Deno.removeSync(dir, { recursive: true });
});
const name = `${tinyRun.data.name}-${tinyRun.size}`;
await saveDataset(`${dir}/${name}`, dataset);

/** Exports a run with these weights by its program. */
async function exported(weights: Float32Array): Promise<Deno.CommandOutput> {
  const run = `${dir}/run.ckpt`;
  await writeCheckpoint(run, {
    version: 1,
    config: { ...tinyRun, ema: [] },
    step: 1,
    images: 8,
    seconds: 1,
    vectors: { weights },
  });
  return await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "train/export.ts"]
      .concat("--run", run, "--data", dir, "--models", `${dir}/models`),
    stdout: "piped",
    stderr: "piped",
  }).output();
}

Deno.test("export names a model by its data set and size, and keeps the old one where the new one is not what was trained", async () => {
  const { size } = conditionLayout(dataset.manifest.vocabularies);
  const { parameters } = summarizeNetwork(tinyRun.network, tinyRun.size, size);
  const weights = initialWeights(parameters, 1);
  const done = await exported(weights);
  assert(done.success, new TextDecoder().decode(done.stderr));
  const folder = `${dir}/models/${name}`;
  const onnx = await Deno.readFile(`${folder}/model.onnx`);

  weights[0] = NaN;
  const refused = await exported(weights);
  assert.equal(refused.code, 1);
  assert.match(
    new TextDecoder().decode(refused.stderr),
    /Cannot export the run as its network in ONNX must be within 0\.001 .*: current value is NaN/,
  );
  assert.deepEqual(await Deno.readFile(`${folder}/model.onnx`), onnx);
});
