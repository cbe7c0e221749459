/**
 * Everything that decides what a run learns. A preset is a file with these numbers; the run folder keeps a copy.
 *
 * @module
 */

import type { ImageEncoding } from "@emoji/diffusion/image";
import type { DistillationConfig } from "./distillation/distillation.ts";
import type { SamplingFaults } from "./faults.ts";
import type { NetworkConfig } from "./network/network.ts";
import type { ObjectiveConfig } from "./objectives/objective.ts";
import type { OptimizerConfig } from "./optimizer.ts";
import type { UpsampleConfig } from "./upsampling/upsampling.ts";

/** Chances that a condition is hidden from the network, so that it also learns to draw without it. */
export interface ConditionDropout {
  /** The whole condition. */
  all: number;
  /** The style. */
  style: number;
  /** The group. */
  group: number;
  /** The subgroup. */
  subgroup: number;
  /** All words. */
  words: number;
  /** Each word by itself. */
  word: number;
}

/** Non-leaking augmentation (Karras et al. 2020): the network is told what was done, and told nothing when it samples. */
export interface Augmentation {
  /** Chance of a mirrored picture. */
  flip: number;
  /**
   * Whether the network is not told, which only suits pictures that mean the same mirrored.
   * @default {false}
   */
  untold?: boolean;
  /** Chance of a picture moved by up to `shiftPixels` along each axis. */
  shift: number;
  /** Largest move. */
  shiftPixels: number;
}

/** Where the pictures of a run come from. */
export interface DataConfig {
  /** Kind of source; see `deno task prepare --help`. */
  source: string;
  /** Name of the data set: its folder is NAME-SIZE. */
  name: string;
  /** Whether pictures keep their transparency. */
  encoding: ImageEncoding;
  /**
   * What pictures without transparency are put on.
   * @default {"white"}
   */
  background?: "white" | "black";
  /**
   * Styles of emoji.
   * @default {all}
   */
  styles?: readonly string[];
  /**
   * Beginnings of groups or subgroups of emoji.
   * @default {all}
   */
  only?: readonly string[];
}

/** A training run. */
export interface RunConfig {
  /** Name of the preset it began with. */
  preset: string;
  /** Seed of the weights, the order of the pictures, the noise, the dropout. */
  seed: number;
  /** The pictures. */
  data: DataConfig;
  /** Height and width of the pictures. */
  size: number;
  /** How it learns to draw the detail of smaller pictures, where it does not draw from noise. */
  upsample?: UpsampleConfig;
  /** The network. */
  network: NetworkConfig;
  /** What it learns. */
  objective: ObjectiveConfig;
  /** Pictures a step. */
  batch: number;
  /**
   * Parts in which a worker takes its share of a batch, one after the other, to save memory.
   * @default {1}
   */
  accumulation?: number;
  /** Pictures to see in all. */
  images: number;
  /** Peak learning rate. */
  learningRate: number;
  /** Pictures over which the learning rate rises from 0. */
  warmupImages: number;
  /** Share of the run, at its end, over which the learning rate falls to 0; 0 keeps it constant. */
  cooldown: number;
  /**
   * How the learning rate falls.
   * @default {"linear"}
   */
  decay?: "linear" | "cosine";
  /** How a gradient changes the weights. */
  optimizer: OptimizerConfig;
  /** Largest norm of a gradient; larger ones are scaled down. 0 for no limit. */
  clip: number;
  /**
   * Averages of the weights, the last of which is what a run is judged by: relative lengths σ_rel of power functions
   * (Karras et al. 2024), and from 0.5 up the share of the old average that each step keeps, such as 0.9999.
   */
  ema: readonly number[];
  /**
   * How often in the run the averages are kept, evenly, for averages of any length afterwards.
   * @default {0}
   */
  snapshots?: number;
  /** Hidden conditions. */
  dropout: ConditionDropout;
  /** Changed pictures. */
  augmentation: Augmentation;
  /** How it learns from a teacher, where it does not learn from pictures alone. */
  distillation?: DistillationConfig;
  /** What sampling gets wrong on purpose; for the preset that reproduces a notebook faults and all. */
  faults?: SamplingFaults;
}

/** Learning rate after `images` pictures: linear warm-up, constant, cool-down. */
export function learningRate(config: RunConfig, images: number): number {
  const up = config.warmupImages === 0
    ? 1
    : Math.min(1, images / config.warmupImages);
  const down = config.cooldown === 0 ? 1 : Math.min(
    1,
    (config.images - images) / (config.cooldown * config.images),
  );
  const fall = config.decay === "cosine"
    ? (1 - Math.cos(Math.PI * Math.max(0, down))) / 2
    : down;
  return config.learningRate * Math.max(0, Math.min(up, fall));
}
