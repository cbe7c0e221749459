/**
 * How well a model denoises pictures that it has never seen, beside pictures that it learned from.
 *
 * @module
 */

import type { Dataset } from "../dataset.ts";
import { type Examples, likelihoodProcess } from "./denoise.ts";
import type { Evaluation } from "./evaluation.ts";
import { conditionOf, type OnProgress } from "./measured.ts";
import { picturesOf, realPictures } from "./pictures.ts";
import { probeLevels } from "./probe_levels.ts";
import { decimal, markdownTable } from "./table.ts";

/** A mean over pictures. */
export interface Mean {
  /** Mean. */
  readonly mean: number;
  /** Standard error of it. */
  readonly error: number;
}

/** A figure of pictures that were held out and of as many that were not. */
export interface Seen {
  /** Of pictures of concepts that the model has never seen. */
  readonly heldOut: Mean;
  /** Of pictures that it learned from: what a model that does not overfit would have too. */
  readonly train: Mean;
}

/** How well a model denoises. */
export interface Denoising {
  /** Mean squared error of the network's own answer by noise-to-signal ratio. */
  readonly levels: readonly (Seen & { readonly sigma: number })[];
  /** Bound on the likelihood in bits per dimension, where the process has one. */
  readonly bits?: Seen;
}

/** Which pictures are denoised. */
export interface DenoisedPictures {
  /** Held-out pictures. */
  heldOut: readonly number[];
  /** Training pictures. */
  train: readonly number[];
  /** Seed of the first picture's noise. */
  seed: number;
}

/** Pictures a task. */
const SHARE = 24;
/** Most pictures whose likelihood is bounded, which takes some fifty evaluations each. */
const BOUNDED = 120;

/** Measures how well a model denoises. */
export async function measureDenoising(
  { config, dataset, pool }: Evaluation,
  { heldOut, train, seed }: DenoisedPictures,
  onProgress?: OnProgress,
): Promise<Denoising> {
  const parts = {
    heldOut: shares(dataset, heldOut, seed),
    train: shares(dataset, train, seed),
  };

  async function both(
    measure: (shares: readonly Examples[]) => Promise<number[][]>,
  ): Promise<Seen> {
    return {
      heldOut: meanOf((await measure(parts.heldOut)).flat()),
      train: meanOf((await measure(parts.train)).flat()),
    };
  }

  const levels: (Seen & { sigma: number })[] = [];
  for (const { sigma, t } of probeLevels(config.process)) {
    const losses = await both((shares) =>
      pool.run(
        shares.map((examples) => ({ type: "denoise", examples, t })),
        (done, total) => onProgress?.(`loss at σ = ${sigma}`, done, total),
      )
    );
    levels.push({ sigma, ...losses });
  }
  if (likelihoodProcess(config) === undefined) return { levels };
  const bits = await both((shares) =>
    pool.run(
      shares.slice(0, BOUNDED / SHARE)
        .map((examples) => ({ type: "bound", examples })),
      (done, total) => onProgress?.("bits per dimension", done, total),
    )
  );
  return { levels, bits };
}

/** Writes the losses as a table. */
export function denoisingTable({ levels, bits }: Denoising): string {
  const row = (name: string, { heldOut, train }: Seen) => [
    name,
    ...[heldOut, train].map(({ mean, error }) =>
      `${decimal(mean)} ± ${decimal(error)}`
    ),
    (heldOut.mean / train.mean).toFixed(2),
  ];
  return markdownTable(["", "held out", "training", "ratio"], [
    ...levels.map((level) => row(`loss at σ = ${level.sigma}`, level)),
    ...(bits ? [row("bits per dimension, at most", bits)] : []),
  ]);
}

/** Real pictures in shares for the threads. */
function shares(
  dataset: Dataset,
  indices: readonly number[],
  seed: number,
): Examples[] {
  return Array.from({ length: Math.ceil(indices.length / SHARE) }, (_, i) => {
    const part = indices.slice(i * SHARE, (i + 1) * SHARE);
    const { bytes, size } = realPictures(dataset, part);
    return {
      pictures: picturesOf(bytes, size),
      conditions: part.map((index) => conditionOf(dataset, index)),
      seeds: part.map((_, k) => seed + i * SHARE + k),
    };
  });
}

function meanOf(values: readonly number[]): Mean {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = Math.sqrt(square / Math.max(1, values.length - 1));
  return { mean, error: deviation / Math.sqrt(values.length) };
}
