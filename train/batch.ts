/**
 * Training examples as a function of the step alone: which pictures, which noise levels, which noise, which conditions
 * are hidden. No generator has a state to save, so a resumed run and every split of a batch over workers see the same
 * numbers.
 *
 * @module
 */

import {
  type ConditionLayout,
  encodeCondition,
} from "@emoji/diffusion/condition";
import { stepFeatures } from "@emoji/diffusion/step-features";
import { noiseToSignal } from "@emoji/diffusion";
import type { LossAwareSampler } from "@emoji/diffusion/losses";
import { philoxNoise, type PhiloxSource } from "@emoji/diffusion/random";
import { chooseChange, describeChange, readPicture } from "./augment.ts";
import type { RunConfig } from "./config.ts";
import type { Dataset } from "./dataset.ts";
import {
  jumpSource,
  keptNoise,
  type Lesson,
  lessonSteps,
} from "./distillation/jumps.ts";
import { chooseConditions } from "./hide_conditions.ts";
import { adversarialShare } from "./matching/discriminate.ts";
import { type Rehearsal, rehearsalSource } from "./matching/rehearsal.ts";
import { type BoundExamples, boundExamples } from "./objectives/bound.ts";
import { openObjective } from "./objectives/objective.ts";
import { shuffled } from "./shuffle.ts";
import { uniforms } from "./uniforms.ts";
import { averageSquares } from "./upsampling/average_squares.ts";

/** Streams of the run's seed, one a purpose; initial weights use stream 1. */
const ORDER_STREAM = 2;
const LEVEL_STREAM = 3;
const EXAMPLE_STREAM = 4;

/** Uniform numbers an example. */
const UNIFORMS = 32;

/** Examples for the network, `[count, …]`, pictures as `[h, w, c]`. */
export interface Batch {
  /** How many examples. */
  count: number;
  /** Place of the first of them in the run. */
  first: number;
  /** Noisy pictures, scaled for the network's input. */
  x: Float32Array;
  /** What the network should answer: (x0 − skip·x) / out. */
  target: Float32Array;
  /** What the network is told of the noise level. */
  level: Float32Array;
  /** Condition vectors. */
  condition: Float32Array;
  /** Coordinates of the levels in their process. */
  t: Float64Array;
  /** Noise-to-signal ratio of each example. */
  sigma: Float64Array;
  /** Weight of each example's loss, where not all are 1. */
  weight?: Float32Array;
  /** What the bound on the likelihood needs, where the variance is learned. */
  bound?: BoundExamples;
  /** How a first answer of the network becomes the clean estimate that it is then shown, where it conditions on itself. */
  estimate?: SelfEstimate;
  /** What a teacher needs to work out the target, where there is one. */
  lesson?: Lesson;
  /** What is drawn for the same conditions, where the network learns by distribution matching. */
  rehearsal?: Rehearsal;
  /** The pictures without noise, where a critic learns to tell them from drawn ones. */
  real?: Float32Array;
}

/** x0 = skip·x + out·F for the scaled input x, shown in some of the examples: one number an example each. */
export interface SelfEstimate {
  /** Weight of the input. */
  skip: Float32Array;
  /** Weight of the answer. */
  out: Float32Array;
  /** 1 where the estimate is shown, else 0. */
  shown: Float32Array;
}

/** Draws the examples of any step; `from` and `to` bound the part of a batch, `aware` knows the losses so far. */
export type BatchSource = (
  step: number,
  from: number,
  to: number,
  aware?: LossAwareSampler,
) => Batch;

/** Options for {@linkcode batchSource}. */
export interface BatchSourceOptions {
  /**
   * Which part of the data set.
   * @default {"train"}
   */
  split?: "train" | "heldOut";
  /**
   * Whether to hide conditions and change pictures.
   * @default {true}
   */
  augment?: boolean;
}

/** Creates a source of batches. */
export function batchSource(
  dataset: Dataset,
  layout: ConditionLayout,
  config: RunConfig,
  { split = "train", augment = true }: BatchSourceOptions = {},
): BatchSource {
  const { size } = config;
  const { width = 1 } = config.upsample ?? {};
  const { offsetNoise = 0, clampNoisy = false } = config.objective;
  const { channels, vocabularies } = dataset.manifest;
  const objective = openObjective(config.objective);
  const { selfConditioning } = config.objective.process;
  const isAdversarial = adversarialShare(config) > 0;
  const drawJumps = config.distillation && jumpSource(config);
  // What is told of a step comes last, and a teacher is not told it.
  const asked = layout.step?.offset ?? layout.size;
  const pictureOf = shuffled(
    philoxNoise(config.seed, { stream: ORDER_STREAM }),
    dataset[split],
  );
  const levels = philoxNoise(config.seed, { stream: LEVEL_STREAM });
  const root = philoxNoise(config.seed, { stream: EXAMPLE_STREAM });
  const values = size * size * channels;
  const drawRehearsal = augment ? rehearsalSource(config, values) : undefined;
  const clean = new Float32Array(values);
  const seen = width > 1 ? new Float32Array(values) : clean;
  const still = { flip: false, dx: 0, dy: 0 };

  return function drawBatch(step, from, to, aware) {
    const count = to - from;
    const first = step * config.batch + from;
    const batch: Batch = {
      count,
      first,
      x: new Float32Array(count * values),
      target: new Float32Array(count * values),
      level: new Float32Array(count),
      condition: new Float32Array(count * layout.size),
      t: new Float64Array(count),
      sigma: new Float64Array(count),
      ...(!objective.unweighted && { weight: new Float32Array(count) }),
      ...(selfConditioning && { estimate: emptyEstimate(count) }),
    };
    const cleans = objective.bound || isAdversarial
      ? new Float32Array(count * values)
      : undefined;
    const sources = Array.from(
      { length: count },
      (_, i) => root.split(first + i),
    );
    const random = sources.map((source) => uniforms(source, UNIFORMS));
    // One level from each of `batch` equal shares of the distribution spreads a batch over the levels.
    const offset = uniforms(levels.split(step), 1)[0]!;
    const shares = random.map(([jitter], row) =>
      ((from + row + jitter!) / config.batch + offset) % 1 || Number.EPSILON
    );
    const jumps = drawJumps?.(step, shares);
    const drawn = jumps ?? objective.draw(shares, aware);
    const lesson = jumps && {
      steps: lessonSteps(jumps, objective.process.coefficients),
      keep: Float32Array.from(
        jumps,
        ({ level, next }) => keptNoise(level, next),
      ),
      condition: new Float32Array(2 * count * asked),
    };
    if (lesson) batch.lesson = lesson;
    if (drawRehearsal) batch.rehearsal = drawRehearsal(step, from, to);

    for (let row = 0; row < count; row++) {
      const source = sources[row]!;
      const [, flip, move, dx, dy, ...hide] = random[row]!;
      const index = pictureOf(first + row);
      const change = augment
        ? chooseChange(config.augmentation, flip!, move!, dx!, dy!)
        : still;
      readPicture(dataset.pictures, index, size, channels, change, clean);
      cleans?.set(clean, row * values);

      const { level: { alpha, sigma, t }, coefficients, weight } = drawn[row]!;
      const { skip, out, scale } = coefficients;
      const noise = batch.x.subarray(row * values, (row + 1) * values);
      const wanted = batch.target.subarray(row * values, (row + 1) * values);
      source.normal(noise);
      if (offsetNoise > 0) addOffset(noise, channels, offsetNoise, source);
      if (width > 1) {
        seen.set(clean);
        averageSquares(seen, size, width);
        averageSquares(noise, size, width);
      }
      for (let k = 0; k < values; k++) {
        const exact = alpha * seen[k]! + sigma * noise[k]!;
        wanted[k] = (clean[k]! - skip * exact) / out;
        const noisy = clampNoisy ? Math.max(-1, Math.min(1, exact)) : exact;
        noise[k] = scale * noisy;
      }
      batch.level[row] = coefficients.told;
      batch.t[row] = t;
      batch.sigma[row] = noiseToSignal(drawn[row]!.level);
      if (batch.weight) batch.weight[row] = weight;
      if (batch.estimate) {
        batch.estimate.skip[row] = skip / scale;
        batch.estimate.out[row] = out;
        // Half of the time there is nothing to see yet (Chen et al. 2023, §2).
        batch.estimate.shown[row] = Number(uniforms(source, 1)[0]! < 0.5);
      }
      const changed = { augment: describeChange(config.augmentation, change) };
      const condition = encodeCondition(layout, {
        ...chooseConditions(
          config.dropout,
          dataset.manifest.pictures[index]!,
          vocabularies.words,
          augment ? hide : [],
        ),
        ...changed,
      });
      if (lesson && jumps) {
        const nothing = encodeCondition(layout, changed).subarray(0, asked);
        lesson.condition.set(condition.subarray(0, asked), row * asked);
        lesson.condition.set(nothing, (count + row) * asked);
        const { level, next } = jumps[row]!;
        const told = layout.step!;
        condition.set(stepFeatures(level, next, told.count), told.offset);
      }
      batch.condition.set(condition, row * layout.size);
    }
    if (isAdversarial && cleans) batch.real = cleans;
    if (objective.bound && cleans) {
      batch.bound = boundExamples(objective.bound, drawn, cleans);
    }
    return batch;
  };
}

function emptyEstimate(count: number): SelfEstimate {
  return {
    skip: new Float32Array(count),
    out: new Float32Array(count),
    shown: new Float32Array(count),
  };
}

/** Adds one more normal number a channel. */
function addOffset(
  noise: Float32Array,
  channels: number,
  deviation: number,
  random: PhiloxSource,
): void {
  const offset = new Float32Array(channels);
  random.normal(offset);
  for (let k = 0; k < noise.length; k++) {
    noise[k]! += deviation * offset[k % channels]!;
  }
}
