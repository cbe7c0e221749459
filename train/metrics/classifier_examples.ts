import { philoxNoise } from "@emoji/diffusion/random";
import type { Dataset } from "../dataset.ts";
import { drawChange, readChanged, UNCHANGED } from "./picture_change.ts";
import { CLASSIFIER_SIZE } from "./classifier_network.ts";
import {
  LABEL_KINDS,
  labelCount,
  labelOf,
  labelOffset,
  type Labels,
} from "./labels.ts";

/** Streams of the seed. */
const ORDER_STREAM = 11;
const CHANGE_STREAM = 12;

/** Values of one picture. */
export const PICTURE_VALUES = 4 * CLASSIFIER_SIZE ** 2;

/** Examples for the classifier. */
export interface ClassifierExamples {
  /** `[n, 32, 32, 4]` in [−1, 1]. */
  pictures: Float32Array;
  /** `[n, labels]`, one 1 a kind. */
  targets: Float32Array;
}

/** Draws the changed training pictures of a step, a function of the seed and the step alone. */
export function drawExamples(
  dataset: Dataset,
  labels: Labels,
  seed: number,
  step: number,
  count: number,
): ClassifierExamples {
  const which = new Uint32Array(count);
  philoxNoise(seed, { stream: ORDER_STREAM }).split(step)
    .integers(which, dataset.train.length);
  const changes = philoxNoise(seed, { stream: CHANGE_STREAM }).split(step);
  const random = new Float64Array(8);
  const pictures = new Float32Array(count * PICTURE_VALUES);
  const targets = new Float32Array(count * labelCount(labels));
  which.forEach((nth, row) => {
    const index = dataset.train[nth]!;
    changes.uniform(random);
    readChanged(
      pictureBytes(dataset, index),
      CLASSIFIER_SIZE,
      drawChange(random),
      pictures.subarray(row * PICTURE_VALUES, (row + 1) * PICTURE_VALUES),
    );
    const entry = dataset.manifest.pictures[index]!;
    for (const kind of LABEL_KINDS) {
      const label = labelOf(labels, kind, entry);
      if (label < 0) continue;
      targets[row * labelCount(labels) + labelOffset(labels, kind) + label] = 1;
    }
  });
  return { pictures, targets };
}

/** Reads pictures as they are: `[n, 32, 32, 4]` in [−1, 1]. */
export function readExamples(
  dataset: Dataset,
  indices: readonly number[],
): Float32Array {
  const pictures = new Float32Array(indices.length * PICTURE_VALUES);
  indices.forEach((index, row) =>
    readChanged(
      pictureBytes(dataset, index),
      CLASSIFIER_SIZE,
      UNCHANGED,
      pictures.subarray(row * PICTURE_VALUES, (row + 1) * PICTURE_VALUES),
    )
  );
  return pictures;
}

function pictureBytes({ pictures }: Dataset, index: number): Uint8Array {
  return pictures.subarray(
    index * PICTURE_VALUES,
    (index + 1) * PICTURE_VALUES,
  );
}
