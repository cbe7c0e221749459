/**
 * Tries ways of sampling to choose a model's defaults from: `deno task sweep --help`. Samples are drawn for the
 * conditions of training pictures, so that the held-out ones stay unseen until `deno task evaluate`.
 *
 * @module
 */

import { availableParallelism } from "node:os";
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import type {
  ModelConfig,
  SamplingDefaults,
} from "@emoji/diffusion/model-config";
import {
  planSampling,
  type SamplingRequest,
} from "@emoji/diffusion/model-sampler";
import {
  choose,
  type Evaluation,
  openEvaluation,
} from "./metrics/evaluation.ts";
import { type SpaceDistance, spaceDistance } from "./metrics/figures.ts";
import {
  conditionOf,
  draw,
  embed,
  type OnProgress,
} from "./metrics/measured.ts";
import { type Space, SPACES } from "./metrics/messages.ts";
import { realPictures } from "./metrics/pictures.ts";
import { bestOfSteps, sweepTable, type Trial } from "./metrics/trials.ts";
import { MEASURED_OPTIONS } from "./metrics/options.ts";
import { modelFolder, readModelFolder } from "./onnx/model_folder.ts";
import {
  type OptionTable,
  type OptionValues,
  runProgram,
  UsageError,
} from "./options.ts";
import { parseNumbers, parseTexts } from "./parse_list.ts";
import { createProgress, formatSeconds } from "./progress.ts";
import { stopwatch } from "./stopwatch.ts";

const OPTIONS = {
  ...MEASURED_OPTIONS,
  samples: {
    type: "number",
    integer: true,
    default: 300,
    min: 10,
    help: "samples a trial",
  },
  steps: { type: "string", default: "4,8,16", help: "numbers of solver steps" },
  guidance: { type: "string", default: "1,2,3", help: "guidance scales" },
  "sigma-min": {
    type: "string",
    help:
      "last noise levels before the clean picture (default the model's for the steps)",
  },
  eta: {
    type: "string",
    help: "noise of each step (default the model's for the steps)",
  },
  sampler: { type: "string", help: "samplers (default the model's own)" },
  conditions: {
    type: "string",
    default: "train",
    choices: ["train", "held-out"],
    help: "whose conditions are drawn",
  },
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
    help:
      "file of results, continued where it exists (default MODELS/MODEL/sweep.jsonl)",
  },
} as const satisfies OptionTable;

type Options = OptionValues<typeof OPTIONS>;
type Way = Pick<Trial, "sampler" | "steps" | "guidance" | "sigmaMin" | "eta">;

/** Every combination of the lists, refused as a whole where the model does not allow one. */
function listWays(options: Options, config: ModelConfig): Way[] {
  const samplers = options.sampler === undefined
    ? [config.sampling.sampler]
    : parseTexts("sampler", options.sampler);
  const numbers = (name: "sigma-min" | "eta") => {
    const list = options[name];
    return list === undefined ? [null] : parseNumbers(name, list);
  };
  const sigmas = numbers("sigma-min");
  const etas = numbers("eta");
  const ways = samplers.flatMap((sampler) =>
    parseNumbers("steps", options.steps).flatMap((steps) =>
      parseNumbers("guidance", options.guidance).flatMap((guidance) =>
        sigmas.flatMap((sigmaMin) =>
          etas.map((eta) => ({ sampler, steps, guidance, sigmaMin, eta }))
        )
      )
    )
  );
  for (const way of ways) {
    planSampling(
      { ...config, sampling: samplingOf(config, way) },
      requestOf(way),
    );
  }
  return ways;
}

/** The model's sampling defaults, with the way's last level. */
function samplingOf(
  { sampling, process }: Pick<ModelConfig, "sampling" | "process">,
  { steps, sigmaMin }: Way,
): SamplingDefaults {
  if (sigmaMin === null) return sampling;
  if (process.type !== "edm") {
    throw new UsageError(
      `Cannot try --sigma-min ${sigmaMin} as the model's process must be edm: current value is ${process.type}`,
    );
  }
  return { ...sampling, sigmaMinBySteps: [[steps, sigmaMin]] };
}

/** Hash of what figures depend on beside the way and the pictures asked for. */
function hashOf({ config, dataset, classifier }: Evaluation): string {
  const { process, sampling, model, upsampler } = config;
  const known = {
    process,
    sampling,
    model,
    upsampler,
    dataset: dataset.manifest.sha256,
    classifier: classifier.sha256,
  };
  return createHash("sha256").update(JSON.stringify(known)).digest("hex");
}

function requestOf({ sampler, steps, guidance, eta }: Way): SamplingRequest {
  return { sampler, steps, guidance, ...(eta !== null && { eta }) };
}

/** Draws samples in one way and measures their distances to the training pictures. */
async function tryWay(
  { config, dataset, pool, spaces }: Evaluation,
  way: Way,
  { seed }: Options,
  indices: readonly number[],
  onProgress: OnProgress,
): Promise<Pick<Trial, "distances" | "seconds">> {
  const clock = stopwatch();
  const drawn = await draw(pool, {
    conditions: indices.map((index) => conditionOf(dataset, index)),
    seed,
    request: requestOf(way),
    sampling: samplingOf(config, way),
  }, onProgress);
  const seconds = clock();
  const { features } = await embed(pool, drawn, onProgress);
  const distances = Object.fromEntries(
    SPACES.map((
      space,
    ) => [space, spaceDistance(features[space], spaces[space])]),
  ) as Record<Space, SpaceDistance>;
  return { distances, seconds };
}

/** A line of the file; none where the one that was written when the program ended is not whole. */
function parseTrial(line: string): Trial[] {
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}

async function readTrials(path: string): Promise<Trial[]> {
  try {
    return (await Deno.readTextFile(path)).split("\n").flatMap(parseTrial);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

await runProgram(
  "Draws samples in many ways and measures each, to choose a model's sampling defaults.",
  OPTIONS,
  async (options) => {
    const progress = createProgress();
    const clock = stopwatch();
    let label = "";
    const onProgress: OnProgress = (what, done, total) =>
      progress.show(`${label}${what}: ${done} of ${total}`);
    const own = modelFolder(options);
    const model = await readModelFolder(own);
    const ways = listWays(options, model.config);
    const evaluation = await openEvaluation({
      ...options,
      model,
      workers: options.workers ?? availableParallelism(),
      onProgress,
    });
    const { dataset, pool, spaces } = evaluation;
    const { samples, seed, conditions } = options;
    const path = options.out ?? join(own, "sweep.jsonl");
    const sha256 = hashOf(evaluation);
    await Deno.mkdir(dirname(path), { recursive: true });
    const known = await readTrials(path);
    const indices = choose(
      conditions === "train" ? dataset.train : dataset.heldOut,
      samples,
    );
    const trials: Trial[] = [];
    for (const [i, way] of ways.entries()) {
      label = `${i + 1} of ${ways.length}, `;
      const base = {
        ...way,
        samples: indices.length,
        conditions,
        seed,
        sha256,
      };
      const same = known.find((trial) =>
        Object.entries(base).every(([key, value]) =>
          trial[key as keyof typeof base] === value
        )
      );
      const trial = same ??
        {
          ...base,
          ...await tryWay(evaluation, way, options, indices, onProgress),
        };
      trials.push(trial);
      if (same === undefined) {
        await Deno.writeTextFile(path, JSON.stringify(trial) + "\n", {
          append: true,
        });
      }
    }
    label = "real pictures, ";
    const heldOut = choose(dataset.heldOut, samples);
    const real = await embed(pool, realPictures(dataset, heldOut), onProgress);
    const floor = Object.fromEntries(
      SPACES.map((space) => [
        space,
        spaceDistance(real.features[space], spaces[space]),
      ]),
    ) as Record<Space, SpaceDistance>;
    pool.close();
    progress.log(sweepTable(trials, floor));
    progress.log(
      `\nbest of each number of steps\n${
        sweepTable(bestOfSteps(trials), floor)
      }`,
    );
    progress.log(
      `${path} after ${formatSeconds(clock())}`,
    );
  },
);
Deno.exit(0);
