/**
 * Draws pictures with a trained model: `deno task sample --help`.
 *
 * @module
 */

import { join } from "node:path";
import { drawnShape } from "@emoji/diffusion/model-config";
import {
  datasetOf,
  modelFolder,
  readModelFolder,
} from "./onnx/model_folder.ts";
import { openSession } from "./onnx/session.ts";
import { type OptionTable, type OptionValues, runProgram } from "./options.ts";
import { parseTexts } from "./parse_list.ts";
import { parseSeeds } from "./parse_seeds.ts";
import { draw, type Drawing, DRAWINGS } from "./pictures/drawings.ts";
import {
  checkPictureFile,
  encodePictureFile,
} from "./pictures/picture_file.ts";
import { SAMPLING_FAULTS, samplingFaults } from "./presets/faults.ts";
import { datasetFolder } from "./run_dataset.ts";
import { buildModel, readTrainedRun } from "./trained_run.ts";

const OPTIONS = {
  model: {
    type: "string",
    default: "emoji-32",
    help: "exported model: its name in --models, or its folder",
  },
  models: { type: "string", default: "models", help: "folder of the models" },
  run: {
    type: "string",
    replaces: ["model"],
    help: "draw from this run's newest checkpoint, or this .ckpt, instead",
  },
  ema: {
    type: "number",
    min: 0,
    needs: ["run"],
    help: "average of the run's weights (default its last)",
  },
  data: { type: "string", default: "data", help: "folder of the data sets" },
  draw: {
    type: "string",
    default: "sheet",
    choices: DRAWINGS,
    help:
      "samples; their way from noise, side by side or moving; samples before the nearest training pictures; a row a style with each part of --words between semicolons",
  },
  seeds: {
    type: "string",
    default: "0-63",
    help: "ranges, integers and texts, such as 0-63,100,cat",
  },
  steps: { type: "number", integer: true, min: 1, help: "solver steps" },
  sampler: { type: "string", help: "one of the model's samplers" },
  guidance: { type: "number", min: 0, help: "guidance scale; 1 is none" },
  eta: {
    type: "number",
    min: 0,
    max: 1,
    help: "noise of each step (default the model's for so many steps)",
  },
  faults: {
    type: "string",
    help:
      `mistakes to make, with commas, or none (default those of the run's preset): ${
        SAMPLING_FAULTS.join(", ")
      }`,
  },
  style: { type: "string", help: "drawing style" },
  group: { type: "string", help: "group of emoji" },
  subgroup: { type: "string", help: "subgroup of emoji" },
  words: {
    type: "string",
    help:
      "words of the model's vocabulary, such as 'cat,smile'; for --draw styles 'red heart; cat; pizza'",
  },
  columns: {
    type: "number",
    integer: true,
    min: 1,
    help: "samples a row of a sheet, or moments of a strip",
  },
  nearest: {
    type: "number",
    integer: true,
    default: 3,
    min: 1,
    max: 32,
    help: "training pictures beside a sample",
  },
  scale: {
    type: "number",
    integer: true,
    default: 1,
    min: 1,
    max: 64,
    help: "pixels of the file a pixel of a picture",
  },
  background: {
    type: "string",
    help: "RRGGBB behind the pictures (default none)",
  },
  out: {
    type: "string",
    default: "samples.png",
    help: "file to write: .png or .gif",
  },
} as const satisfies OptionTable;

type Options = OptionValues<typeof OPTIONS>;

async function openModel(
  options: Options,
): Promise<Pick<Drawing, "model" | "pictures" | "faults">> {
  if (options.run !== undefined) {
    const trained = await readTrainedRun({ ...options, run: options.run });
    const { config, onnx } = buildModel("run", trained, {
      weightType: "float16",
    });
    const run = trained.checkpoint.config;
    return {
      model: await openSession({ config, onnx }),
      pictures: datasetFolder(options.data, run),
      faults: run.faults,
    };
  }
  const files = await readModelFolder(modelFolder(options));
  const { width } = drawnShape(files.config);
  return {
    model: await openSession(files),
    pictures: join(options.data, `${datasetOf(files.config)}-${width}`),
    faults: undefined,
  };
}

await runProgram(
  "Draws pictures with an exported model or the newest checkpoint of a run.",
  OPTIONS,
  async (options) => {
    checkPictureFile(options);
    const seeds = parseSeeds(options.seeds);
    const opened = await openModel(options);
    const { model } = opened;
    const faults = options.faults === undefined
      ? opened.faults
      : options.faults === "none"
      ? undefined
      : samplingFaults(parseTexts("faults", options.faults));
    const { style, group, subgroup } = options;
    const prompts = (options.words ?? "").toLowerCase().split(";")
      .map((prompt) => prompt.split(/[\s,]+/).filter(Boolean));
    const condition = { style, group, subgroup, words: prompts.flat() };
    const drawing = {
      options,
      ...opened,
      faults,
      seeds,
      condition,
      prompts,
    };
    const { name, model: { sha256 } } = model.config;
    const text = {
      Software: "emoji-diffusion",
      Model: `${name} ${sha256.slice(0, 12)}`,
      Seeds: options.seeds,
    };
    const bytes = encodePictureFile(await draw(drawing), { ...options, text });
    await Deno.writeFile(options.out, bytes);
    console.log(
      `${options.out}: ${seeds.length} samples of ${name}`,
    );
    await model.release();
  },
);
Deno.exit(0);
