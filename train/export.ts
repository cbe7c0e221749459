/**
 * Turns a run into a model folder that the API serves: `deno task export --help`.
 *
 * @module
 */

import { join } from "node:path";
import { filesOf } from "@emoji/diffusion/model-config";
import { openBackend } from "./backend.ts";
import { parseTexts } from "./parse_list.ts";
import { measureParity } from "./onnx/parity.ts";
import type { WeightType } from "./onnx/model.ts";
import { type OptionTable, runProgram } from "./options.ts";
import { buildModel, readTrainedRun } from "./trained_run.ts";

const OPTIONS = {
  run: {
    type: "string",
    default: "runs/emoji",
    help: "folder of the run, or one of its checkpoints",
  },
  data: { type: "string", default: "data", help: "folder of the data sets" },
  models: { type: "string", default: "models", help: "folder of the models" },
  name: { type: "string", default: "emoji-32", help: "name of the model" },
  upsampler: {
    type: "string",
    help:
      "folder of the run of a network that enlarges finished pictures, such as one of the preset upsampler",
  },
  ema: {
    type: "number",
    min: 0,
    help:
      "which average of the weights, by its relative length or its rate; 0 for none (default the last of the run)",
  },
  blend: {
    type: "string",
    help:
      "folder of another run of the same network, such as the one that --run began with, for the mean of their weights",
  },
  weights: {
    type: "string",
    default: "float16",
    choices: ["float16", "float32"],
    help: "how the file stores weights",
  },
  subjects: {
    type: "string",
    help:
      "beginnings of the groups or subgroups that a seed alone may draw, with commas; all if not given",
  },
} as const satisfies OptionTable;

await runProgram(
  "Exports the newest checkpoint of a run as an ONNX model.",
  OPTIONS,
  async (options) => {
    const trained = await readTrainedRun(options);
    const { config, onnx, upsampler } = buildModel(options.name, trained, {
      ...(options.upsampler !== undefined && {
        upsampler: await readTrainedRun({
          run: options.upsampler,
          data: options.data,
        }),
      }),
      weightType: options.weights as WeightType,
      subjects: options.subjects === undefined
        ? []
        : parseTexts("subjects", options.subjects),
    });
    const { checkpoint, summary, layout, weights } = trained;
    const { kernels } = await openBackend("wasm");
    const parity = await measureParity(
      checkpoint.config,
      summary.parameters,
      weights,
      layout.size,
      kernels,
    );

    const folder = join(options.models, options.name);
    await Deno.mkdir(folder, { recursive: true });
    await writeAtomically(join(folder, config.model.file), onnx);
    if (config.upsampler && upsampler) {
      await writeAtomically(
        join(folder, config.upsampler.model.file),
        upsampler,
      );
    }
    await writeAtomically(
      join(folder, "config.json"),
      new TextEncoder().encode(JSON.stringify(config) + "\n"),
    );
    console.log(
      `${folder}: ${summary.size} parameters after ${checkpoint.images} images, ${
        (filesOf(config).reduce((sum, { bytes }) => sum + bytes, 0) / 1e6)
          .toFixed(2)
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
