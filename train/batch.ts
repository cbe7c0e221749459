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
import { edmCoefficients } from "@emoji/diffusion";
import { logNormalSigma } from "@emoji/diffusion/losses";
import { philoxNoise, type PhiloxSource } from "@emoji/diffusion/random";
import type { RunConfig } from "./config.ts";
import type { Dataset } from "./dataset.ts";
import type { PictureEntry } from "./data/manifest.ts";

/** Streams of the run's seed, one a purpose; initial weights use stream 1. */
const ORDER_STREAM = 2;
const LEVEL_STREAM = 3;
const EXAMPLE_STREAM = 4;

/** Examples for the network, `[count, …]`, pictures as `[h, w, c]`. */
export interface Batch {
  /** How many examples. */
  count: number;
  /** Noisy pictures scaled by c_in. */
  x: Float32Array;
  /** What the network should answer: (x0 − c_skip·x) / c_out. */
  target: Float32Array;
  /** c_noise. */
  level: Float32Array;
  /** Condition vectors. */
  condition: Float32Array;
}

/** Draws the examples of any step. */
export type BatchSource = (step: number, from: number, to: number) => Batch;

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

/** Creates a source of batches; `from` and `to` bound the part of a batch a worker takes. */
export function batchSource(
  dataset: Dataset,
  layout: ConditionLayout,
  config: RunConfig,
  { split = "train", augment = true }: BatchSourceOptions = {},
): BatchSource {
  const indices = dataset[split];
  const order = shuffled(config.seed, indices);
  const levels = philoxNoise(config.seed, { stream: LEVEL_STREAM });
  const root = philoxNoise(config.seed, { stream: EXAMPLE_STREAM });
  const toSigma = logNormalSigma(config.sigma);
  const { size } = config;
  const values = size * size * 4;
  const clean = new Float32Array(values);

  return function drawBatch(step, from, to) {
    const count = to - from;
    const x = new Float32Array(count * values);
    const target = new Float32Array(count * values);
    const level = new Float32Array(count);
    const condition = new Float32Array(count * layout.size);
    // One σ from each of `batch` equal shares of the distribution spreads a batch over the levels.
    const offset = uniforms(levels.split(step), 1)[0]!;
    for (let i = from; i < to; i++) {
      const row = i - from;
      const example = step * config.batch + i;
      const index = order(example);
      const random = root.split(example);
      const [jitter, flip, move, dx, dy, ...hide] = uniforms(random, 32);
      const change = augment
        ? chooseChange(config, flip!, move!, dx!, dy!)
        : { flip: false, dx: 0, dy: 0 };
      readPicture(dataset.pictures, index, size, change, clean);

      const share = (i + jitter!) / config.batch + offset;
      const sigma = toSigma(share % 1 || Number.EPSILON);
      const { cSkip, cOut, cIn, cNoise } = edmCoefficients(
        sigma,
        config.sigmaData,
      );
      const noise = x.subarray(row * values, (row + 1) * values);
      const wanted = target.subarray(row * values, (row + 1) * values);
      random.normal(noise);
      for (let k = 0; k < values; k++) {
        const noisy = clean[k]! + sigma * noise[k]!;
        wanted[k] = (clean[k]! - cSkip * noisy) / cOut;
        noise[k] = cIn * noisy;
      }
      level[row] = cNoise;
      const entry = dataset.manifest.pictures[index]!;
      condition.set(
        encodeCondition(layout, {
          ...chooseConditions(dataset, config, entry, augment ? hide : []),
          augment: {
            flip: Number(change.flip),
            shiftX: change.dx / config.augmentation.shiftPixels,
            shiftY: change.dy / config.augmentation.shiftPixels,
          },
        }),
        row * layout.size,
      );
    }
    return { count, x, target, level, condition };
  };
}

function uniforms(random: PhiloxSource, count: number): Float64Array {
  const out = new Float64Array(count);
  random.uniform(out);
  return out;
}

/** The n-th picture of endless passes over `indices`, each pass in an order of its own. */
function shuffled(seed: number, indices: readonly number[]) {
  const root = philoxNoise(seed, { stream: ORDER_STREAM });
  let pass = -1;
  let order: number[] = [];
  return function pictureOf(example: number): number {
    const wanted = Math.floor(example / indices.length);
    if (wanted !== pass) {
      pass = wanted;
      order = [...indices];
      const random = uniforms(root.split(pass), order.length);
      for (let i = order.length - 1; i > 0; i--) {
        const j = Math.floor(random[i]! * (i + 1));
        [order[i], order[j]] = [order[j]!, order[i]!];
      }
    }
    return order[example % indices.length]!;
  };
}

interface Change {
  flip: boolean;
  dx: number;
  dy: number;
}

function chooseChange(
  { augmentation }: RunConfig,
  flip: number,
  move: number,
  dx: number,
  dy: number,
): Change {
  const { shiftPixels } = augmentation;
  const pixels = (u: number) =>
    move < augmentation.shift
      ? Math.floor(u * (2 * shiftPixels + 1)) - shiftPixels
      : 0;
  return { flip: flip < augmentation.flip, dx: pixels(dx), dy: pixels(dy) };
}

/** Reads a picture as `[h, w, c]` in [−1, 1]; what moves in from outside is transparent. */
function readPicture(
  pictures: Uint8Array,
  index: number,
  size: number,
  { flip, dx, dy }: Change,
  out: Float32Array,
): void {
  const start = index * size * size * 4;
  for (let y = 0, at = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const fromX = flip ? size - 1 - (x - dx) : x - dx;
      const fromY = y - dy;
      const inside = fromX >= 0 && fromX < size && fromY >= 0 && fromY < size;
      const from = start + 4 * (fromY * size + fromX);
      for (let c = 0; c < 4; c++, at++) {
        out[at] = inside ? pictures[from + c]! / 127.5 - 1 : -1;
      }
    }
  }
}

/** The conditions that are not hidden; `hide` holds uniform numbers, none of them means to hide nothing. */
function chooseConditions(
  dataset: Dataset,
  { dropout }: RunConfig,
  entry: PictureEntry,
  hide: readonly number[],
) {
  const [all = 1, style = 1, group = 1, subgroup = 1, words = 1, ...each] =
    hide;
  if (all < dropout.all) return {};
  const vocabulary = dataset.manifest.vocabularies.words;
  return {
    style: style < dropout.style ? undefined : entry.style,
    group: group < dropout.group ? undefined : entry.group,
    subgroup: subgroup < dropout.subgroup ? undefined : entry.subgroup,
    words: words < dropout.words
      ? []
      : entry.words.filter((_, i) =>
        (each[i % each.length] ?? 1) >= dropout.word
      )
        .map((index) => vocabulary[index]!),
  };
}
