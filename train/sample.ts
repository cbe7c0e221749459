/**
 * Draws pictures with a trained model: `deno task sample --help`.
 *
 * @module
 */

import { join } from "node:path";
import type { Condition } from "@emoji/diffusion/condition";
import { type OwnPicture, tile } from "@emoji/diffusion/image";
import { drawnShape, type ModelConfig } from "@emoji/diffusion/model-config";
import { planSampling } from "@emoji/diffusion/model-sampler";
import type { Seed } from "@emoji/diffusion/random";
import { loadDataset } from "./dataset.ts";
import { faultyPlan, type SamplingFaults } from "./faults.ts";
import { readModelFolder } from "./onnx/model_folder.ts";
import { type OpenModel, openSession } from "./onnx/session.ts";
import { type OptionTable, type OptionValues, runProgram } from "./options.ts";
import { parseTexts } from "./parse_list.ts";
import { parseSeeds } from "./parse_seeds.ts";
import {
  type DenoisingFrame,
  denoisingStrip,
  recordDenoising,
  spread,
} from "./pictures/denoising.ts";
import { datasetPicture, nearestPictures } from "./pictures/neighbours.ts";
import {
  checkPictureFile,
  encodePictureFile,
} from "./pictures/picture_file.ts";
import { SAMPLING_FAULTS, samplingFaults } from "./presets/faults.ts";
import { datasetFolder } from "./run_dataset.ts";
import { drawSamples, toPictures } from "./sheet.ts";
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
    help: "draw from this run's newest checkpoint, or this .ckpt, instead",
  },
  ema: {
    type: "number",
    min: 0,
    help: "average of the run's weights (default its last)",
  },
  data: { type: "string", default: "data", help: "folder of the data sets" },
  draw: {
    type: "string",
    default: "sheet",
    choices: ["sheet", "strip", "animation", "neighbours", "styles"],
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

/** What is drawn and how, with every value settled. */
interface Drawing {
  options: Options;
  model: OpenModel;
  /** Folder of the pictures that it learned from. */
  pictures: string;
  /** Mistakes to make. */
  faults: SamplingFaults | undefined;
  seeds: Seed[];
  condition: Condition;
  /** What the columns of `--draw styles` show. */
  prompts: string[][];
}

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
  const folder = /[\\/]/.test(options.model)
    ? options.model
    : join(options.models, options.model);
  const files = await readModelFolder(folder);
  const { width } = drawnShape(files.config);
  return {
    model: await openSession(files),
    pictures: join(options.data, `emoji-${width}`),
    faults: undefined,
  };
}

function sheet({ options, model, faults, seeds, condition }: Drawing) {
  return drawSamples(model.config, model.network, {
    ...options,
    upsampler: model.upsampler,
    faults,
    seeds,
    conditions: seeds.map(() => condition),
  });
}

/** A run step by step, at the size that it is sampled at. */
async function record(
  { options, model, faults, seeds, condition }: Drawing,
): Promise<{ config: ModelConfig; frames: DenoisingFrame[] }> {
  const { upsampler: _, ...config } = model.config;
  const plan = faultyPlan(planSampling(config, options), faults ?? {});
  const drawing = { seeds, plan, condition };
  const frames = await recordDenoising(config, model.network, drawing);
  return { config, frames };
}

/** One picture for each style and prompt, style by style, all of the first seed. */
async function styleRows(
  { options, model, faults, seeds, condition, prompts }: Drawing,
): Promise<OwnPicture[]> {
  const { config, network, upsampler } = model;
  const styles = config.condition?.style?.values ?? [undefined];
  const conditions = styles.flatMap((style) =>
    prompts.map((words) => ({ ...condition, style, words }))
  );
  const planes = await drawSamples(config, network, {
    ...options,
    upsampler,
    faults,
    seeds: conditions.map(() => seeds[0]!),
    conditions,
  });
  return toPictures(config, planes, options.steps);
}

/** Each sample and the training pictures nearest to it, in a row; says on the terminal what they are. */
async function neighbours(drawing: Drawing): Promise<OwnPicture[]> {
  const { options, model, seeds } = drawing;
  const image = drawnShape(model.config);
  const dataset = await loadDataset(drawing.pictures);
  const planes = await sheet(drawing);
  const near = nearestPictures(planes, image, dataset, options.nearest);
  return toPictures(model.config, planes, options.steps).map((sample, i) => {
    const found = near[i]!;
    const names = found.map(({ index, distance }) => {
      const { label, style = "" } = dataset.manifest.pictures[index]!;
      return `${label} ${style} ${distance.toFixed(3)}`;
    });
    console.log(`seed ${seeds[i]}: ${names.join("; ")}`);
    return tile([
      sample,
      ...found.map((neighbour) => datasetPicture(dataset, neighbour)),
    ], { columns: 1 + found.length });
  });
}

/** The pictures of the file: one, or the frames of an animation. */
async function draw(drawing: Drawing): Promise<OwnPicture[]> {
  const { options, model } = drawing;
  const layout = {
    gap: 2,
    ...(options.columns !== undefined && { columns: options.columns }),
  };
  switch (options.draw) {
    case "strip": {
      const { config, frames } = await record(drawing);
      return [
        denoisingStrip(
          config,
          spread(frames, options.columns ?? 12),
          options.steps,
        ),
      ];
    }
    case "animation": {
      const { config, frames } = await record(drawing);
      return frames.map(({ x }) =>
        tile(toPictures(config, x, options.steps), layout)
      );
    }
    case "styles":
      return [
        tile(await styleRows(drawing), {
          ...layout,
          columns: drawing.prompts.length,
        }),
      ];
    case "neighbours":
      return [tile(await neighbours(drawing), { ...layout, gap: 8 })];
    default:
      return [
        tile(
          toPictures(model.config, await sheet(drawing), options.steps),
          layout,
        ),
      ];
  }
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
