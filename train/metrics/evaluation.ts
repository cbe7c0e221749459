/**
 * Everything an evaluation needs, opened once: the model, the pictures, the feature networks, the threads.
 *
 * @module
 */

import { join } from "node:path";
import { drawnShape, type ModelConfig } from "@emoji/diffusion/model-config";
import { philoxNoise } from "@emoji/diffusion/random";
import { type Dataset, loadDataset } from "../dataset.ts";
import { initialWeights } from "../network/parameters.ts";
import { datasetOf, type ModelFiles } from "../onnx/model_folder.ts";
import { type ClassifierRecord, loadClassifier } from "./classifier.ts";
import {
  exportFeatures,
  type FeatureNetwork,
  summarizeFeatures,
} from "./feature_onnx.ts";
import { referenceSpaces, type SpaceReference } from "./figures.ts";
import { drawWithout } from "./kid.ts";
import { embed, type OnProgress } from "./measured.ts";
import type { Space } from "./messages.ts";
import { COMPARED_SIZE } from "./neighbour_search.ts";
import { type Pictures, realPictures, shrink } from "./pictures.ts";
import { type EvaluationPool, openPool } from "./pool.ts";
import { RANDOM_NETWORK_SEED, randomNetwork } from "./random_network.ts";

/** Options for {@linkcode openEvaluation}. */
export interface EvaluationOptions {
  /** The model. */
  model: ModelFiles;
  /** Folder of the data sets. */
  data: string;
  /**
   * Name of the data set; its folder is NAME-SIZE.
   * @default {the one that the model was trained on}
   */
  dataset?: string | undefined;
  /** Threads. */
  workers: number;
  /** Shows how far it is. */
  onProgress?: OnProgress;
}

/** An open evaluation. */
export interface Evaluation {
  /** The model's configuration. */
  readonly config: ModelConfig;
  /** The pictures with their labels. */
  readonly dataset: Dataset;
  /** The classifier's labels and pin. */
  readonly classifier: ClassifierRecord;
  /** The threads. */
  readonly pool: EvaluationPool;
  /** Training pictures. */
  readonly training: Pictures;
  /** Training pictures in the feature spaces. */
  readonly spaces: Readonly<Record<Space, SpaceReference>>;
}

/**
 * Starts the threads and embeds the training pictures.
 *
 * @throws {Error} If the data set or the classifier is missing or damaged, or the model's pictures do not fit.
 */
export async function openEvaluation(
  options: EvaluationOptions,
): Promise<Evaluation> {
  const { model, workers, onProgress } = options;
  const { config } = model;
  const { width: size, height } = drawnShape(config);
  if (height !== size) {
    throw new RangeError(
      `Cannot evaluate ${config.name} as its pictures must be square: current value is ${size}x${height}`,
    );
  }
  const name = options.dataset ?? datasetOf(config);
  const dataset = await loadDataset(join(options.data, `${name}-${size}`));
  const classifier = await loadClassifier();
  const training = realPictures(dataset, dataset.train);
  const pool = await openPool(workers, {
    model,
    networks: { random: randomModel(size), classifier: classifier.model },
    reference: shrink(training, COMPARED_SIZE),
  });
  try {
    const spaces = referenceSpaces(await embed(pool, training, onProgress));
    const { record } = classifier;
    return { config, dataset, classifier: record, pool, training, spaces };
  } catch (error) {
    pool.close();
    throw error;
  }
}

/** The random network for pictures of a size, as an ONNX file. */
export function randomModel(size: number): Uint8Array<ArrayBuffer> {
  const network: FeatureNetwork = (graph, pool, x) =>
    randomNetwork(graph, pool, x, size);
  const { parameters } = summarizeFeatures(network, size);
  const weights = initialWeights(parameters, RANDOM_NETWORK_SEED);
  return exportFeatures(network, { size, weights });
}

/** Draws `count` of the indices, in their order; all where there are fewer. */
export function choose(
  indices: readonly number[],
  count: number,
  seed = 0,
): number[] {
  return drawWithout(indices.length, count, philoxNoise(seed))
    .sort((a, b) => a - b).map((i) => indices[i]!);
}
