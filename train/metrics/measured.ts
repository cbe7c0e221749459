/**
 * Sets of pictures with everything that the figures are computed from.
 *
 * @module
 */

import type { Condition } from "@emoji/diffusion/condition";
import type { SamplingDefaults } from "@emoji/diffusion/model-config";
import type { SamplingRequest } from "@emoji/diffusion/model-sampler";
import type { Dataset } from "../dataset.ts";
import { join } from "./feature_session.ts";
import { type Space, SPACES } from "./messages.ts";
import type { Neighbours } from "./neighbour_search.ts";
import { type Pictures, picturesOf, slicePictures } from "./pictures.ts";
import type { EvaluationPool } from "./pool.ts";
import { type Vectors, vectorsOf } from "./vectors.ts";

/** Pictures seen by the feature networks. */
export interface Embedded {
  /** The pictures. */
  readonly pictures: Pictures;
  /** Their features, not standardised. */
  readonly features: Record<Space, Vectors>;
  /** The classifier's answers, `[n, labels]`. */
  readonly logits: Float32Array;
}

/** Embedded pictures with their nearest training pictures. */
export interface Measured extends Embedded {
  /** One entry a picture. */
  readonly neighbours: readonly Neighbours[];
}

/** Shows how far a long piece of work is. */
export type OnProgress = (what: string, done: number, total: number) => void;

/** Pictures a task; small tasks keep the threads equally busy. */
const SHARE = 24;

/** Runs pictures through all feature networks. */
export async function embed(
  pool: EvaluationPool,
  pictures: Pictures,
  onProgress?: OnProgress,
): Promise<Embedded> {
  const shares = split(pictures, 4 * SHARE);
  const features: Partial<Record<Space, Vectors>> = {};
  let logits: Float32Array = new Float32Array();
  for (const space of SPACES) {
    const tasks = shares.map((pictures) => ({
      type: "embed" as const,
      space,
      pictures,
    }));
    const parts = await pool.run(
      tasks,
      (done, total) => onProgress?.(`features (${space})`, done, total),
    );
    const values = join(parts.map((part) => part.features));
    features[space] = vectorsOf(values, values.length / pictures.count);
    if (space === "classifier") logits = join(parts.map((part) => part.logits));
  }
  return {
    pictures,
    features: features as Record<Space, Vectors>,
    logits,
  };
}

/** Finds the nearest training pictures. */
export async function search(
  pool: EvaluationPool,
  pictures: Pictures,
  onProgress?: OnProgress,
): Promise<Neighbours[]> {
  const tasks = split(pictures, SHARE).map((queries) => ({
    type: "search" as const,
    queries,
  }));
  const parts = await pool.run(
    tasks,
    (done, total) => onProgress?.("neighbours", done, total),
  );
  return parts.flat();
}

/** What {@linkcode draw} draws. */
export interface DrawRequest {
  /** One condition a picture. */
  conditions: readonly Condition[];
  /** Picture k has seed `seed + k`. */
  seed: number;
  /** How. */
  request: SamplingRequest;
  /** The model's defaults, or others. */
  sampling: SamplingDefaults;
}

/** Draws pictures with the model. */
export async function draw(
  pool: EvaluationPool,
  { conditions, seed, request, sampling }: DrawRequest,
  onProgress?: OnProgress,
): Promise<Pictures> {
  const tasks = [];
  for (let from = 0; from < conditions.length; from += SHARE) {
    const part = conditions.slice(from, from + SHARE);
    tasks.push({
      type: "draw" as const,
      seeds: part.map((_, i) => seed + from + i),
      conditions: part,
      request,
      sampling,
    });
  }
  const parts = await pool.run(
    tasks,
    (done, total) => onProgress?.("samples", done, total),
  );
  const bytes = new Uint8Array(
    parts.reduce((n, part) => n + part.bytes.length, 0),
  );
  let at = 0;
  for (const part of parts) {
    bytes.set(part.bytes, at);
    at += part.bytes.length;
  }
  return picturesOf(bytes, parts[0]!.size);
}

/** What a picture of the data set shows, for the model. */
export function conditionOf(
  { manifest: { pictures, vocabularies } }: Dataset,
  index: number,
): Condition {
  const { style, group, subgroup, words } = pictures[index]!;
  return {
    style,
    group,
    subgroup,
    words: words.map((word) => vocabularies.words[word]!),
  };
}

function split(pictures: Pictures, size: number): Pictures[] {
  return Array.from(
    { length: Math.ceil(pictures.count / size) },
    (_, i) => {
      const to = Math.min((i + 1) * size, pictures.count);
      const { bytes } = slicePictures(pictures, i * size, to);
      // A copy, as a view would send the whole buffer behind it.
      return picturesOf(bytes.slice(), pictures.size);
    },
  );
}
