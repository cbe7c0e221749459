import * as tf from "@tensorflow/tfjs";
import type { Dataset } from "../dataset.ts";
import type { Kernels } from "../kernels.ts";
import { decayMask, initialWeights } from "../network/parameters.ts";
import { adamw } from "../optimizer.ts";
import { type Agreement, agreement } from "./agreement.ts";
import { classifierOf } from "./classifier.ts";
import {
  drawExamples,
  PICTURE_VALUES,
  readExamples,
} from "./classifier_examples.ts";
import {
  classifierLogits,
  classifierLoss,
  pictureShape,
} from "./classifier_loss.ts";
import { CLASSIFIER_SIZE } from "./classifier_network.ts";
import { summarizeFeatures } from "./feature_onnx.ts";
import { labelCount, type Labels } from "./labels.ts";

const BATCH = 32;
const WARM_UP = 0.1;

/** Options for {@linkcode trainClassifier}. */
export interface TrainClassifierOptions {
  /** Pictures to see in all. */
  images: number;
  /** Peak learning rate; it rises over the first tenth and falls to 0 as a cosine. */
  learningRate: number;
  /** Decoupled weight decay. */
  weightDecay: number;
  /** Seed of weights, order and changes. */
  seed: number;
  /** Called after every step with the pictures seen and the batch's loss. */
  onStep?: (images: number, loss: number) => void;
}

/** Trains a classifier for the data set's labels and returns its flat weights. */
export function trainClassifier(
  dataset: Dataset,
  kernels: Kernels,
  options: TrainClassifierOptions,
): Float32Array {
  const { images, seed, onStep } = options;
  const labels: Labels = dataset.manifest.vocabularies;
  const { parameters, size } = summarizeFeatures(
    classifierOf(labels),
    CLASSIFIER_SIZE,
  );
  const weights = initialWeights(parameters, seed);
  const vectors = {
    weights,
    moment1: new Float32Array(size),
    moment2: new Float32Array(size),
    decayMask: decayMask(parameters),
  };
  const steps = Math.ceil(images / BATCH);
  for (let step = 0; step < steps; step++) {
    const { pictures, targets } = drawExamples(
      dataset,
      labels,
      seed,
      step,
      BATCH,
    );
    let loss = 0;
    let gradient: Float32Array = new Float32Array();
    tf.tidy(() => {
      const { value, grad } = tf.valueAndGrad((flat) =>
        classifierLoss(
          classifierLogits(
            flat as tf.Tensor1D,
            parameters,
            kernels,
            tf.tensor4d(pictures, pictureShape(BATCH)),
            labels,
          ),
          tf.tensor2d(targets, [BATCH, labelCount(labels)]),
          labels,
        )
      )(tf.tensor1d(weights.slice()));
      gradient = grad.dataSync<"float32">();
      loss = value.dataSync()[0]!;
    });
    const part = (step + 1) / steps;
    const fall = 0.5 + 0.5 * Math.cos(Math.PI * part);
    adamw(vectors, gradient, { from: 0, to: size }, {
      step: step + 1,
      learningRate: options.learningRate * Math.min(part / WARM_UP, fall),
      beta1: 0.9,
      beta2: 0.99,
      epsilon: 1e-8,
      weightDecay: options.weightDecay,
      gradientScale: Math.min(1, 1 / norm(gradient)),
    });
    onStep?.((step + 1) * BATCH, loss);
  }
  return weights;
}

/** How often the classifier is right on pictures of the data set. */
export function measureClassifier(
  dataset: Dataset,
  indices: readonly number[],
  kernels: Kernels,
  weights: Float32Array,
): Agreement {
  const labels: Labels = dataset.manifest.vocabularies;
  const { parameters } = summarizeFeatures(
    classifierOf(labels),
    CLASSIFIER_SIZE,
  );
  const width = labelCount(labels);
  const logits = new Float32Array(indices.length * width);
  for (let from = 0; from < indices.length; from += BATCH) {
    const pictures = readExamples(dataset, indices.slice(from, from + BATCH));
    tf.tidy(() => {
      const answer = classifierLogits(
        tf.tensor1d(weights.slice()),
        parameters,
        kernels,
        tf.tensor4d(pictures, pictureShape(pictures.length / PICTURE_VALUES)),
        labels,
      );
      logits.set(answer.dataSync<"float32">(), from * width);
    });
  }
  const entries = indices.map((index) => dataset.manifest.pictures[index]!);
  return agreement(logits, entries, labels);
}

function norm(vector: Float32Array): number {
  return Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
}
