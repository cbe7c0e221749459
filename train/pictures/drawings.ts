import type { Condition } from "@emoji/diffusion/condition";
import { type OwnPicture, tile } from "@emoji/diffusion/image";
import { drawnShape, type ModelConfig } from "@emoji/diffusion/model-config";
import { planSampling } from "@emoji/diffusion/model-sampler";
import type { Seed } from "@emoji/diffusion/random";
import { loadDataset } from "../dataset.ts";
import { faultyPlan, type SamplingFaults } from "../faults.ts";
import type { OpenModel } from "../onnx/session.ts";
import { drawSamples, toPictures } from "../sheet.ts";
import {
  type DenoisingFrame,
  denoisingStrip,
  recordDenoising,
  spread,
} from "./denoising.ts";
import { datasetPicture, nearestPictures } from "./neighbours.ts";

/** What can be drawn of samples. */
export const DRAWINGS = [
  "sheet",
  "strip",
  "animation",
  "neighbours",
  "styles",
] as const;

/** How samples are drawn; a model's own ways where nothing is said. */
export interface DrawingOptions {
  /** What is drawn of them. */
  draw: typeof DRAWINGS[number];
  /** Steps of the solver. */
  steps?: number | undefined;
  /** One of the model's samplers. */
  sampler?: string | undefined;
  /** Guidance scale; 1 is none. */
  guidance?: number | undefined;
  /** Noise of each step, 0 to 1. */
  eta?: number | undefined;
  /** Samples a row of a sheet, or moments of a strip. */
  columns?: number | undefined;
  /** Training pictures beside a sample. */
  nearest: number;
}

/** What is drawn and how, with every value settled. */
export interface Drawing {
  options: DrawingOptions;
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

/** Draws the pictures of a file: one, or the frames of an animation. */
export async function draw(drawing: Drawing): Promise<OwnPicture[]> {
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
