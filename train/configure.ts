/**
 * The run that comes of what is asked of `deno task train`.
 *
 * @module
 */

import type { Augmentation, DataConfig, RunConfig } from "./config.ts";
import { datasetName } from "./data/recipe.ts";
import { SOURCES } from "./data/sources/registry.ts";
import {
  distilled,
  type DistilledOptions,
  type TeacherScales,
} from "./distillation/distillation.ts";
import {
  parseScale,
  type ScaleByLevel,
} from "./distillation/scale_by_level.ts";
import { GUIDANCE, GUIDANCE_BESIDE_AUTOGUIDANCE } from "./model_config.ts";
import type { LevelDistribution } from "./objectives/levels.ts";
import { parseTexts } from "./parse_list.ts";
import { emoji64 } from "./presets/emoji_64.ts";
import { FAULTS, withFaults } from "./presets/faults.ts";
import { PRESETS } from "./presets/mod.ts";
import { enlarging } from "./upsampling/upsampling.ts";
import type { TrainOptions } from "./train_options.ts";

/** How far the teacher is guided, away from nothing asked for and from its worse version. */
function distilledOptions(options: TrainOptions): DistilledOptions {
  const led = options.autoguide !== undefined;
  const scales = (
    guidance: number,
    autoguidance: ScaleByLevel,
  ): TeacherScales => ({
    guidance,
    ...(led && { autoguidance }),
  });
  const usual = led ? GUIDANCE_BESIDE_AUTOGUIDANCE : GUIDANCE;
  return {
    ...scales(
      options.guidance ?? usual,
      parseScale("autoguidance", options.autoguidance),
    ),
    ...(options.centring !== undefined && { centring: options.centring }),
    ...(options.matching && {
      matching: {
        ...scales(
          options["matching-guidance"] ?? 1,
          parseScale(
            "matching-autoguidance",
            options["matching-autoguidance"],
          ),
        ),
        ...(options.adversarial > 0 && { adversarial: options.adversarial }),
      },
    }),
  };
}

/** How noise levels are drawn. */
function levelsOf(
  { "level-mean": mean, "level-std": std, distill, matching }: TrainOptions,
  { preset, objective: { levels } }: RunConfig,
): LevelDistribution {
  if (mean === undefined && std === undefined) return levels;
  if (distill !== undefined && !matching) {
    throw new Error(
      "Cannot draw noise levels by --level-mean and --level-std as --distill without --matching takes those of its runs: leave them out",
    );
  }
  if (levels.type !== "log-normal") {
    throw new Error(
      `Cannot draw noise levels by --level-mean and --level-std as those of the preset must be log-normal: ${preset} has ${levels.type}`,
    );
  }
  return { ...levels, mean: mean ?? levels.mean, std: std ?? levels.std };
}

/** What is learned, at which levels, with which weights. */
function objectiveOf(options: TrainOptions, preset: RunConfig) {
  const { loss, "min-snr": gamma, "offset-noise": offsetNoise } = options;
  if (gamma !== undefined && options.distill !== undefined) {
    throw new Error(
      `Cannot weigh levels by --min-snr ${gamma} as --distill weighs its steps alike: leave it out`,
    );
  }
  return {
    ...preset.objective,
    levels: levelsOf(options, preset),
    ...(loss !== undefined && { loss }),
    ...(gamma !== undefined &&
      { weight: { type: "min-snr" as const, gamma } }),
    ...(offsetNoise !== undefined && { offsetNoise }),
  };
}

/** Where pictures come from. */
function dataOf(
  { source, from }: TrainOptions,
  { data }: RunConfig,
): DataConfig {
  const isOwn = source === undefined || source === data.source;
  if (isOwn && (data.source !== "folder" || from === undefined)) return data;
  return {
    source: source ?? data.source,
    name: datasetName(source ?? data.source, from),
    encoding: data.encoding,
  };
}

/** What is done to pictures: digits are not mirrored behind a network's back. */
function augmentationOf({ source }: DataConfig, preset: Augmentation) {
  const mirrors = SOURCES[source]?.mirrors ?? true;
  return preset.untold && !mirrors ? { ...preset, flip: 0 } : preset;
}

/** The preset with the command line's changes. */
export function configure(options: TrainOptions): RunConfig {
  const named = PRESETS[options.preset]!;
  const { upsample } = named;
  const { distill, enlarge, matching, adversarial } = options;
  const { type } = named.network;
  if (adversarial > 0 && type !== "unet") {
    throw new Error(
      `Cannot make pictures look real by --adversarial ${adversarial} as the preset's network must be a unet: ${options.preset} has ${type}`,
    );
  }
  if (upsample && distill !== undefined && !(enlarge && matching)) {
    throw new Error(
      `Cannot distil an upsampler as it takes one step: --distill ${distill} goes with --enlarge and --matching`,
    );
  }
  const guiding = [
    "guidance",
    "autoguide",
    "centring",
    "matching-guidance",
  ] as const;
  for (const name of guiding) {
    if (!upsample || options[name] === undefined) continue;
    throw new Error(
      `Cannot use --${name} ${
        options[name]
      } as what judges enlarged pictures is not guided: leave it out`,
    );
  }
  if (enlarge !== undefined && !upsample) {
    throw new Error(
      `Cannot enlarge the pictures of --enlarge ${enlarge} as --preset must be upsampler: current value is ${options.preset}`,
    );
  }
  const preset = upsample && enlarge !== undefined
    ? enlarging(
      named,
      upsample,
      matching ? { judge: emoji64.network, adversarial } : {},
    )
    : distill === undefined
    ? named
    : distilled(named, distilledOptions(options));
  const data = dataOf(options, preset);
  const config = {
    ...preset,
    objective: objectiveOf(options, preset),
    data,
    augmentation: augmentationOf(data, preset.augmentation),
    size: options.size ?? preset.size,
    images: options.images ?? preset.images,
    batch: options["batch-size"] ?? preset.batch,
    ...(options.accumulation !== undefined && {
      accumulation: options.accumulation,
    }),
    learningRate: options.lr ?? preset.learningRate,
    cooldown: options.cooldown ?? preset.cooldown,
    seed: options.seed ?? preset.seed,
    optimizer: {
      ...preset.optimizer,
      ...(options.optimizer !== undefined && {
        type: options.optimizer,
      }),
    },
    ...(options.snapshots !== undefined && { snapshots: options.snapshots }),
  };
  const faults = options.faithful
    ? Object.keys(FAULTS)
    : options.faults === undefined
    ? []
    : parseTexts("faults", options.faults);
  return withFaults(config, faults);
}
