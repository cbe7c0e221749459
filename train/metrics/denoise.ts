/**
 * What a network makes of real pictures with noise: its loss at a level, and the bits that it needs for them.
 *
 * @module
 */

import type { Condition } from "@emoji/diffusion/condition";
import type { Level } from "@emoji/diffusion";
import { PREDICTIONS } from "@emoji/diffusion/denoisers";
import { boundTerms, priorTerms } from "@emoji/diffusion/likelihood";
import type { ModelConfig, Process } from "@emoji/diffusion/model-config";
import { modelDenoiser } from "@emoji/diffusion/model-sampler";
import { openProcess } from "@emoji/diffusion/open-process";
import {
  type DiffusionProcess,
  diffusionProcess,
  fixedLarge,
  fixedSmall,
  learnedRange,
  reverseDistribution,
  type VarianceType,
} from "@emoji/diffusion/process";
import { philoxNoise } from "@emoji/diffusion/random";
import type { OpenModel } from "../onnx/session.ts";
import { type Pictures, shrink, toPlanes } from "./pictures.ts";

/** Real pictures and what they show. */
export interface Examples {
  /** The pictures. */
  readonly pictures: Pictures;
  /** What each shows. */
  readonly conditions: readonly Condition[];
  /** Seed of each one's noise. */
  readonly seeds: readonly number[];
}

/** Streams of a picture's seed; a level's noise is split off by its coordinate's place in the process. */
const NOISE_STREAM = 11;
const STRATUM_STREAM = 12;

/** What a network makes of noisy pictures. */
interface Denoised {
  clean: Float32Array;
  noisy: Float32Array;
  x0: Float32Array;
  /** The network's raw variances, where it has learned any. */
  raw?: Float32Array | undefined;
}

/** Adds noise of one level to pictures and takes it away again, with their conditions and no guidance but what is folded in. */
async function denoise(
  { config, network }: OpenModel,
  { pictures, conditions, seeds }: Examples,
  level: Level,
  noiseIndex: number,
): Promise<Denoised> {
  const { channels, width } = config.image;
  const clean = toPlanes(shrink(pictures, width), channels);
  const size = clean.length / seeds.length;
  const noisy = new Float32Array(clean.length);
  seeds.forEach((seed, k) =>
    philoxNoise(seed, { stream: NOISE_STREAM }).split(noiseIndex)
      .normal(noisy.subarray(k * size, (k + 1) * size))
  );
  for (let i = 0; i < noisy.length; i++) {
    noisy[i] = level.alpha * clean[i]! + level.sigma * noisy[i]!;
  }
  const sampling = { ...config.sampling, clip: false };
  const denoiser = modelDenoiser({ ...config, sampling }, network, {
    conditions,
    guidance: sampling.guidanceFolded ? sampling.guidance : 1,
  });
  const answer = await denoiser(noisy, level, {
    images: seeds.length,
    step: 0,
  });
  return ArrayBuffer.isView(answer)
    ? { clean, noisy, x0: answer }
    : { clean, noisy, x0: answer.x0, raw: answer.variance };
}

/**
 * Mean squared error of the network's own answer (F, ε, v or flow) for each picture at the level of coordinate `t`: the
 * loss that it was trained with, where that is the squared error.
 */
export async function denoisingLosses(
  model: OpenModel,
  examples: Examples,
  t: number,
): Promise<number[]> {
  const process = openProcess(model.config.process);
  const level = process.level(t);
  const { out } = process.coefficients(level);
  const { clean, x0 } = await denoise(model, examples, level, 0);
  const size = clean.length / examples.seeds.length;
  return examples.seeds.map((_, k) => {
    let sum = 0;
    for (let i = k * size; i < (k + 1) * size; i++) {
      sum += (x0[i]! - clean[i]!) ** 2;
    }
    return sum / size / out ** 2;
  });
}

/** The table of a model's process, for which there is a bound on the likelihood; undefined where there is none. */
export function likelihoodProcess(
  { process }: Pick<ModelConfig, "process">,
): DiffusionProcess | undefined {
  const { schedule } = openProcess(process);
  return schedule && diffusionProcess(schedule);
}

function varianceOf(process: Process): VarianceType {
  if (process.type !== "vp" || process.variance === undefined) {
    return fixedSmall;
  }
  const { variance } = process;
  return variance === "learned"
    ? learnedRange
    : variance === "large"
    ? fixedLarge
    : fixedSmall;
}

/** Most strata of {@linkcode boundBits}. */
const STRATA = 64;

/**
 * Bounds of consecutive ranges of levels, one level each where terms of the bound are large, longer ones further on.
 */
export function strataOf(length: number): number[] {
  const bounds = Array.from(
    { length: STRATA + 1 },
    (_, i) => Math.round((length + 1) ** (i / STRATA) - 1),
  );
  return [...new Set(bounds)];
}

/**
 * Estimates the variational bound of each picture in bits per dimension (Ho et al. 2020, equation 5) from one term of
 * each stratum of levels; its expectation is the whole sum. The pictures of a call share the levels.
 *
 * @throws {TypeError} If the model's process has no table of levels.
 */
export async function boundBits(
  model: OpenModel,
  examples: Examples,
): Promise<number[]> {
  const { config } = model;
  const process = likelihoodProcess(config);
  if (process === undefined) {
    throw new TypeError(
      `Cannot bound the likelihood as process must have a table of levels: current value is ${config.process.type}`,
    );
  }
  const { seeds, pictures } = examples;
  const bits = priorTerms(
    process,
    toPlanes(shrink(pictures, config.image.width), config.image.channels),
    seeds.length,
  );
  const strata = strataOf(process.length);
  const places = new Float64Array(strata.length - 1);
  philoxNoise(seeds[0]!, { stream: STRATUM_STREAM }).uniform(places);
  for (const [i, place] of places.entries()) {
    const [from, to] = [strata[i]!, strata[i + 1]!];
    const t = from + Math.floor(place * (to - from));
    const denoised = await denoise(model, examples, process.levels[t]!, t);
    const { clean: x0, noisy: x, raw } = denoised;
    const indices = seeds.map(() => t);
    const reverse = reverseDistribution(process, {
      x,
      indices,
      output: denoised.x0,
      ...(raw && { raw }),
    }, {
      parameterization: PREDICTIONS.x0,
      variance: varianceOf(config.process),
      clip: config.sampling.clip,
    });
    boundTerms(process, { x0, x, indices }, reverse).forEach((term, k) =>
      bits[k]! += (to - from) * term
    );
  }
  return bits;
}
