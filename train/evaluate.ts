/**
 * Measures an exported model against real pictures: `deno task evaluate --help`.
 *
 * @module
 */

import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { ModelConfig } from "@emoji/diffusion/model-config";
import {
  planSampling,
  type SamplingPlan,
} from "@emoji/diffusion/model-sampler";
import { encodePng } from "@emoji/diffusion/png";
import { colourFloor, colourStatistics } from "./metrics/colour.ts";
import { denoisingTable, measureDenoising } from "./metrics/denoising.ts";
import {
  choose,
  type Evaluation,
  openEvaluation,
} from "./metrics/evaluation.ts";
import { figuresOf, type Reference } from "./metrics/figures.ts";
import {
  conditionOf,
  draw,
  embed,
  type Measured,
  type OnProgress,
  search,
} from "./metrics/measured.ts";
import { type Pictures, realPictures } from "./metrics/pictures.ts";
import { RANDOM_NETWORK_SEED } from "./metrics/random_network.ts";
import {
  type Report,
  reportMarkdown,
  stepsTable,
  type Variant,
  variantName,
  variantTable,
} from "./metrics/report.ts";
import { neighbourSheet, sampleSheet } from "./metrics/sheets.ts";
import { MEASURED_OPTIONS } from "./metrics/options.ts";
import { transparency } from "./metrics/transparency.ts";
import { modelFolder, readModelFolder } from "./onnx/model_folder.ts";
import { type OptionTable, type OptionValues, runProgram } from "./options.ts";
import { parseNumbers } from "./parse_list.ts";
import { createProgress, formatSeconds } from "./progress.ts";
import { stopwatch } from "./stopwatch.ts";

const OPTIONS = {
  ...MEASURED_OPTIONS,
  samples: {
    type: "number",
    integer: true,
    min: 10,
    help: "samples, at most and by default one a held-out picture",
  },
  steps: {
    type: "string",
    help:
      "numbers of solver steps to compare, such as 4,50 (default the model's)",
  },
  sampler: { type: "string", help: "one of the model's samplers" },
  guidance: { type: "number", min: 0, help: "guidance scale; 1 is none" },
  seed: {
    type: "number",
    integer: true,
    default: 0,
    min: 0,
    help: "seed of the first sample",
  },
  workers: {
    type: "number",
    integer: true,
    min: 1,
    max: 64,
    help: "threads (default one a core)",
  },
  out: {
    type: "string",
    help: "folder of the report (default MODELS/MODEL/evaluation)",
  },
} as const satisfies OptionTable;

type Options = OptionValues<typeof OPTIONS>;

/** Embeds pictures and searches their neighbours. */
async function measure(
  { pool }: Evaluation,
  pictures: Pictures,
  onProgress: OnProgress,
): Promise<Measured> {
  const embedded = await embed(pool, pictures, onProgress);
  const neighbours = await search(pool, pictures, onProgress);
  return { ...embedded, neighbours };
}

/** The ways of sampling that are asked for. */
function listPlans(
  config: ModelConfig,
  { steps: list, sampler, guidance }: Options,
): SamplingPlan[] {
  const wanted = list === undefined ? [undefined] : parseNumbers("steps", list);
  return wanted.map((steps) =>
    planSampling(config, { sampler, guidance, steps })
  );
}

async function evaluate(
  evaluation: Evaluation,
  plans: readonly SamplingPlan[],
  options: Options,
  onProgress: OnProgress,
): Promise<{ report: Report; samples: Measured[] }> {
  const { config, dataset, classifier, pool, spaces } = evaluation;
  const { seed } = options;
  const indices = choose(dataset.heldOut, options.samples ?? Infinity);
  const conditions = indices.map((index) => conditionOf(dataset, index));
  const heldOut = await measure(
    evaluation,
    realPictures(dataset, indices),
    onProgress,
  );
  const denoising = await measureDenoising(evaluation, {
    heldOut: indices,
    train: choose(dataset.train, indices.length),
    seed,
  }, onProgress);
  const reference: Reference = {
    spaces,
    subset: choose([...dataset.train.keys()], indices.length),
    heldOut,
    entries: indices.map((index) => dataset.manifest.pictures[index]!),
    labels: classifier,
  };
  const variants: Variant[] = [];
  const samples: Measured[] = [];
  for (const { sampler, steps, guidance } of plans) {
    const clock = stopwatch();
    const drawn = await draw(pool, {
      conditions,
      seed,
      request: { sampler, steps, guidance },
      sampling: config.sampling,
    }, onProgress);
    const seconds = clock();
    const measured = await measure(evaluation, drawn, onProgress);
    samples.push(measured);
    variants.push({
      sampler,
      steps,
      guidance,
      figures: figuresOf(measured, reference),
      seconds,
    });
  }
  const all = [...dataset.train, ...dataset.heldOut];
  const report: Report = {
    version: 1,
    model: {
      name: config.name,
      sha256: config.model.sha256,
      ...(config.upsampler && { upsampler: config.upsampler.model.sha256 }),
    },
    dataset: dataset.manifest.sha256,
    spaces: {
      classifier: classifier.sha256,
      randomNetworkSeed: RANDOM_NETWORK_SEED,
    },
    seed,
    real: figuresOf(heldOut, reference),
    colourFloor: colourFloor(
      colourStatistics(realPictures(dataset, all)),
      indices.length,
    ),
    transparency: transparency(evaluation.training),
    denoising,
    variants,
  };
  return { report, samples };
}

async function writeReport(
  folder: string,
  report: Report,
  samples: readonly Measured[],
  training: Pictures,
): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  for (const [i, { pictures, neighbours }] of samples.entries()) {
    const name = variantName(report.variants[i]!);
    await Deno.writeFile(
      join(folder, `samples-${name}.png`),
      encodePng(sampleSheet(pictures)),
    );
    await Deno.writeFile(
      join(folder, `neighbours-${name}.png`),
      encodePng(neighbourSheet(pictures, neighbours, training)),
    );
  }
  await Deno.writeTextFile(
    join(folder, "evaluation.md"),
    reportMarkdown(report),
  );
  await Deno.writeTextFile(
    join(folder, "evaluation.json"),
    JSON.stringify(report, null, 2) + "\n",
  );
}

await runProgram(
  "Measures an exported model against real pictures.",
  OPTIONS,
  async (options) => {
    const progress = createProgress();
    const clock = stopwatch();
    const onProgress: OnProgress = (what, done, total) =>
      progress.show(`${what}: ${done} of ${total}`);
    const own = modelFolder(options);
    const model = await readModelFolder(own);
    const plans = listPlans(model.config, options);
    const evaluation = await openEvaluation({
      ...options,
      model,
      workers: options.workers ?? availableParallelism(),
      onProgress,
    });
    const { report, samples } = await evaluate(
      evaluation,
      plans,
      options,
      onProgress,
    );
    evaluation.pool.close();
    const folder = options.out ?? join(own, "evaluation");
    await writeReport(folder, report, samples, evaluation.training);
    for (const variant of report.variants) {
      progress.log(
        `${variantName(variant)}\n${variantTable(report, variant)}\n`,
      );
    }
    progress.log(`${denoisingTable(report.denoising)}\n`);
    progress.log(stepsTable(report));
    progress.log(`${folder}/evaluation.md after ${formatSeconds(clock())}`);
  },
);
Deno.exit(0);
