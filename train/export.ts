/**
 * Turns a run into a model folder that the API serves: `deno task export --help`.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { join } from "node:path";
import { openBackend } from "./backend.ts";
import { listCheckpoints, readCheckpoint } from "./checkpoint.ts";
import { conditionLayout } from "./condition_layout.ts";
import { loadDataset } from "./dataset.ts";
import { draftModel } from "./model_config.ts";
import { summarizeNetwork } from "./network/parameters.ts";
import { exportUnet } from "./onnx/export_unet.ts";
import { measureParity } from "./onnx/parity.ts";
import { type OptionTable, runProgram, UsageError } from "./options.ts";

const OPTIONS = {
  run: { type: "string", default: "runs/emoji", help: "folder of the run" },
  data: { type: "string", default: "data", help: "folder of the data sets" },
  models: { type: "string", default: "models", help: "folder of the models" },
  name: { type: "string", default: "emoji-32", help: "name of the model" },
  ema: {
    type: "number",
    default: 0.1,
    help: "which average of the weights, by its relative length; 0 for none",
  },
  weights: {
    type: "string",
    default: "float16",
    choices: ["float16", "float32"],
    help: "how the file stores weights",
  },
} as const satisfies OptionTable;

await runProgram(
  "Exports the newest checkpoint of a run as an ONNX model.",
  OPTIONS,
  async (options) => {
    const newest = (await listCheckpoints(join(options.run, "checkpoints")))
      .at(-1);
    if (!newest) {
      throw new UsageError(
        `Cannot export as --run must name a folder with checkpoints: current value is ${options.run}`,
      );
    }
    const { config: run, vectors, images, seconds } = await readCheckpoint(
      newest,
    );
    const source = options.ema === 0 ? "weights" : `ema_${options.ema}`;
    const flat = vectors[source];
    if (!flat) {
      throw new UsageError(
        `Cannot export as --ema must be one of 0, ${
          run.ema.join(", ")
        }: current value is ${options.ema}`,
      );
    }
    const { manifest } = await loadDataset(
      join(options.data, `emoji-${run.size}`),
    );
    const layout = conditionLayout(manifest.vocabularies);
    const summary = summarizeNetwork(run.network, run.size, layout.size);
    const model = exportUnet({
      network: run.network,
      parameters: summary.parameters,
      weights: flat,
      size: run.size,
      conditionSize: layout.size,
      weightType: options.weights as "float16",
    });
    const { kernels } = await openBackend("wasm");
    const parity = await measureParity(
      run,
      summary.parameters,
      flat,
      layout.size,
      kernels,
    );

    const folder = join(options.models, options.name);
    const config = {
      ...draftModel(options.name, run, layout, manifest),
      training: {
        preset: run.preset,
        images,
        hours: Number((seconds / 3600).toFixed(2)),
        parameters: summary.size,
        macs: summary.macs,
        average: options.ema,
        pictures: manifest.counts,
        dataset: manifest.sha256,
      },
      model: {
        file: "model.onnx",
        sha256: createHash("sha256").update(model).digest("hex"),
        bytes: model.length,
      },
    };
    await Deno.mkdir(folder, { recursive: true });
    await writeAtomically(join(folder, "model.onnx"), model);
    await writeAtomically(
      join(folder, "config.json"),
      new TextEncoder().encode(JSON.stringify(config) + "\n"),
    );
    console.log(
      `${folder}: ${summary.size} parameters after ${images} images, ${
        (model.length / 1e6).toFixed(2)
      } MB; float32 export differs from training by ${
        parity.toExponential(1)
      } of the output's deviation at most`,
    );
  },
);
Deno.exit(0);

async function writeAtomically(path: string, bytes: Uint8Array): Promise<void> {
  await Deno.writeFile(`${path}.tmp`, bytes);
  await Deno.rename(`${path}.tmp`, path);
}
