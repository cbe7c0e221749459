/**
 * Turns a run into a model folder that the API serves: `deno task export --help`.
 *
 * @module
 */

import { join } from "node:path";
import { drawnShape, filesOf } from "@emoji/diffusion/model-config";
import { openBackend } from "./backend.ts";
import { parseTexts } from "./parse_list.ts";
import {
  datasetOf,
  type ModelFiles,
  readModelFolder,
  writeModelFolder,
} from "./onnx/model_folder.ts";
import { WEIGHT_TYPES } from "./onnx/model.ts";
import { measureParity } from "./onnx/parity.ts";
import { type OptionTable, type OptionValues, runProgram } from "./options.ts";
import {
  buildModel,
  readTrainedRun,
  type TrainedRun,
  withUpsampler,
} from "./trained_run.ts";

/** Largest difference of an export, in deviations of the output: ten times what rounding in float32 makes. */
const LARGEST_DIFFERENCE = 1e-3;

const OPTIONS = {
  run: {
    type: "string",
    default: "runs/emoji",
    help: "folder of the run, one of its checkpoints, or an exported model",
  },
  model: {
    type: "string",
    needs: ["upsampler"],
    replaces: ["run", "blend", "ema", "subjects"],
    help:
      "folder of an exported model that is given another upsampler, in place of --run",
  },
  data: { type: "string", default: "data", help: "folder of the data sets" },
  models: { type: "string", default: "models", help: "folder of the models" },
  name: {
    type: "string",
    help: "name of the model (default that of its data set and its size)",
  },
  upsampler: {
    type: "string",
    help:
      "folder of the run of a network that enlarges finished pictures, such as one of the preset upsampler, or a model that has one",
  },
  "upsampler-blend": {
    type: "string",
    needs: ["upsampler"],
    help: "as --blend, for the upsampler",
  },
  "upsampler-share": {
    type: "number",
    default: 0.5,
    min: -1,
    max: 1,
    needs: ["upsampler-blend"],
    help: "as --share, for the upsampler",
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
  share: {
    type: "number",
    default: 0.5,
    min: -1,
    max: 1,
    needs: ["blend"],
    help: "its share of that mean; below 0 leads away from it",
  },
  weights: {
    type: "string",
    default: "float16",
    choices: WEIGHT_TYPES,
    help:
      "how the file stores weights; int8 is a quarter of float32, with one scale for the weights of an input or output, and 16 bits for small layers",
  },
  subjects: {
    type: "string",
    help:
      "beginnings of the groups or subgroups that a seed alone may draw, with commas; all if not given",
  },
} as const satisfies OptionTable;

/** Reads what is to be exported, and the runs that its files are newly written from. */
async function readParts(
  { model, name, ...options }: OptionValues<typeof OPTIONS>,
): Promise<{ files: ModelFiles; runs: TrainedRun[] }> {
  const { data } = options;
  const weightType = options.weights;
  const upsampler = options.upsampler === undefined
    ? undefined
    : await readTrainedRun({
      run: options.upsampler,
      role: "upsampler",
      data,
      blend: options["upsampler-blend"],
      share: options["upsampler-share"],
    });
  if (model !== undefined && upsampler !== undefined) {
    const files = await readModelFolder(model);
    return {
      files: named(withUpsampler(files, upsampler, weightType), name),
      runs: [upsampler],
    };
  }
  const trained = await readTrainedRun(options);
  const subjects = options.subjects === undefined
    ? []
    : parseTexts("subjects", options.subjects);
  const files = buildModel("", trained, { upsampler, weightType, subjects });
  return {
    files: named(files, name),
    runs: [trained, ...(upsampler ? [upsampler] : [])],
  };
}

/** Names a model, as its data set is named where nothing is asked for. */
function named(files: ModelFiles, name?: string): ModelFiles {
  const { config } = files;
  const own = `${datasetOf(config)}-${drawnShape(config).width}`;
  return { ...files, config: { ...config, name: name ?? own } };
}

/** Refuses an export that computes something else than what was trained, a NaN among it. */
function checkParity(parity: number): void {
  if (parity <= LARGEST_DIFFERENCE) return;
  throw new Error(
    `Cannot export the run as its network in ONNX must be within ${LARGEST_DIFFERENCE} of what was trained: current value is ${parity}`,
  );
}

await runProgram(
  "Exports the newest checkpoint of a run as an ONNX model.",
  OPTIONS,
  async (options) => {
    const { files, runs } = await readParts(options);
    const { kernels } = await openBackend("wasm");
    let parity = 0;
    for (const { checkpoint, summary, layout, weights } of runs) {
      const difference = await measureParity(
        checkpoint.config,
        summary.parameters,
        weights,
        layout.size,
        kernels,
      );
      parity = Math.max(parity, difference);
    }
    checkParity(parity);
    const folder = join(options.models, files.config.name);
    await writeModelFolder(folder, files);
    const megabytes = filesOf(files.config)
      .reduce((sum, { bytes }) => sum + bytes, 0) / 1e6;
    const learned = runs.map(({ checkpoint, summary }) =>
      `${summary.size} parameters after ${checkpoint.images} images`
    );
    console.log(
      `${folder}: ${learned.join(", ")}, ${
        megabytes.toFixed(2)
      } MB; float32 export differs from training by ${
        parity.toExponential(1)
      } of the output's deviation at most`,
    );
  },
);
Deno.exit(0);
