/**
 * What a network learns: at which noise levels, from which input, towards which target, with which weight. All numbers
 * of the process come from the tables with which the model is sampled.
 *
 * @module
 */

import type { Level, Preconditioning } from "@emoji/diffusion";
import type { LossAwareSampler } from "@emoji/diffusion/losses";
import type { Process } from "@emoji/diffusion/model-config";
import { openProcess, type ProcessModel } from "@emoji/diffusion/open-process";
import {
  type DiffusionProcess,
  diffusionProcess,
} from "@emoji/diffusion/process";
import { type LevelDistribution, levelSampler } from "./levels.ts";
import { type LevelWeight, levelWeight } from "./weights.ts";

/** Errors of one number of the network's answer. */
export const ELEMENT_LOSSES = ["mse", "l1", "huber"] as const;

/** One of them. */
export type ElementLoss = typeof ELEMENT_LOSSES[number];

/** An objective. */
export interface ObjectiveConfig {
  /** Noise process and prediction, as the model's configuration will have it. */
  process: Process;
  /** Which noise levels pictures are trained at. */
  levels: LevelDistribution;
  /** Error of the prediction; Huber's turns from square to straight at 1. */
  loss: ElementLoss;
  /**
   * Weight of a level's loss.
   * @default {{ type: "uniform" }} on the network's own output
   */
  weight?: LevelWeight;
  /**
   * Where the variance is learned: whether the bound on the likelihood teaches the variance alone, beside the error of
   * the prediction (Nichol & Dhariwal 2021, equation 16), or everything.
   * @default {"hybrid"}
   */
  bound?: "hybrid" | "vlb";
  /**
   * Deviation of one more random number a channel that is added to the noise, which frees the mean colour of samples.
   * @default {0}
   */
  offsetNoise?: number;
  /**
   * Whether noisy pictures are cut to [−1, 1], as a notebook does by mistake.
   * @default {false}
   */
  clampNoisy?: boolean;
}

/** One noise level as a training example needs it. */
export interface TrainingLevel {
  /** The level. */
  level: Level;
  /** Input scaling, what the network is told, and how its answer becomes a clean picture. */
  coefficients: Preconditioning;
  /** Weight of the loss on the network's answer. */
  weight: number;
}

/** An objective with its tables. */
export interface Objective {
  /** Levels and coefficients of the process. */
  process: ProcessModel;
  /** Tables of the bound, where the variance is learned. */
  bound?: DiffusionProcess;
  /** Whether all weights are 1. */
  unweighted: boolean;
  /** The levels at shares in (0, 1) of the distribution; `aware` knows the losses so far. */
  draw(shares: readonly number[], aware?: LossAwareSampler): TrainingLevel[];
}

/**
 * Works out the tables of an objective.
 *
 * @throws {RangeError} If levels are weighted where the variance is learned.
 */
export function openObjective(config: ObjectiveConfig): Objective {
  const process = openProcess(config.process);
  const { schedule } = process;
  const sampleLevels = levelSampler(config.levels, config.process, process);
  const { weight = { type: "uniform" } } = config;
  const weigh = levelWeight(weight);
  const isBounded = isVarianceLearned(config.process);
  if (isBounded && weight.type !== "uniform") {
    throw new RangeError(
      `Cannot weigh levels by ${weight.type} where the variance is learned as the bound must have no weights but those of chance`,
    );
  }
  return {
    process,
    ...(schedule && isBounded && { bound: diffusionProcess(schedule) }),
    unweighted: weight.type === "uniform" &&
      config.levels.type !== "loss-aware",
    draw(shares, aware) {
      const { t, weights } = sampleLevels(shares, aware);
      return t.map((t, i) => {
        const level = process.level(t);
        const coefficients = process.coefficients(level);
        const weight = weigh(level, coefficients) * (weights?.[i] ?? 1);
        return { level, coefficients, weight };
      });
    },
  };
}

function isVarianceLearned(process: Process): boolean {
  return process.type === "vp" && process.variance === "learned";
}

/** Channels of what the network is given and of what it answers, where pictures have `channels`. */
export function networkChannels(
  { process }: ObjectiveConfig,
  channels: number,
): { input: number; output: number } {
  return {
    input: process.selfConditioning ? 2 * channels : channels,
    output: isVarianceLearned(process) ? 2 * channels : channels,
  };
}
