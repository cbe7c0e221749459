/**
 * Trains the emoji classifier of `deno task evaluate` and writes `train/metrics/classifier.{onnx,json}`. It is trained
 * once and frozen: figures of two models compare only under one classifier.
 *
 * ```sh
 * deno run -A train/train_classifier.ts --help
 * ```
 *
 * @module
 */

import { createHash } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { BACKENDS, chooseBackend, openBackend } from "./backend.ts";
import { loadDataset } from "./dataset.ts";
import { classifierOf, type ClassifierRecord } from "./metrics/classifier.ts";
import { CLASSIFIER_SIZE } from "./metrics/classifier_network.ts";
import {
  measureClassifier,
  trainClassifier,
} from "./metrics/classifier_trainer.ts";
import { exportFeatures, summarizeFeatures } from "./metrics/feature_onnx.ts";
import { type OptionTable, runProgram } from "./options.ts";
import { createProgress } from "./progress.ts";
import { stopwatch } from "./stopwatch.ts";

const OPTIONS = {
  data: { type: "string", default: "data", help: "folder of the data sets" },
  out: {
    type: "string",
    default: fileURLToPath(new URL("./metrics", import.meta.url)),
    help: "folder to write classifier.onnx and classifier.json into",
  },
  backend: {
    type: "string",
    default: "auto",
    choices: ["auto", ...BACKENDS],
    help: "where to compute",
  },
  images: {
    type: "number",
    default: 200_000,
    min: 1,
    help: "pictures to see in all",
  },
  lr: { type: "number", default: 0.004, min: 0, help: "peak learning rate" },
  decay: { type: "number", default: 0.1, min: 0, help: "weight decay" },
  seed: { type: "number", default: 0, integer: true, min: 0, help: "seed" },
} as const satisfies OptionTable;

await runProgram(
  "Trains the classifier that the metrics use.",
  OPTIONS,
  async (options) => {
    const dataset = await loadDataset(
      join(options.data, `emoji-${CLASSIFIER_SIZE}`),
    );
    const { groups, subgroups, styles } = dataset.manifest.vocabularies;
    const network = classifierOf({ groups, subgroups, styles });
    const summary = summarizeFeatures(network, CLASSIFIER_SIZE);
    const { kernels, description } = await openBackend(
      await chooseBackend(options.backend),
      { threads: 1 },
    );
    const progress = createProgress();
    progress.log(
      `${summary.size} parameters, ${
        (summary.macs / 1e6).toFixed(1)
      } MMAC; ${description}`,
    );
    const clock = stopwatch();
    let running: number | undefined;
    const weights = trainClassifier(dataset, kernels, {
      images: options.images,
      learningRate: options.lr,
      weightDecay: options.decay,
      seed: options.seed,
      onStep(images, loss) {
        running = running === undefined ? loss : 0.98 * running + 0.02 * loss;
        const rate = images / clock();
        progress.show(
          `${images} of ${options.images} pictures, ${
            rate.toFixed(0)
          }/s, loss ${running.toFixed(3)}`,
        );
      },
    });
    const model = exportFeatures(network, {
      size: CLASSIFIER_SIZE,
      weights,
      weightType: "float16",
    });
    const measure = (indices: readonly number[]) =>
      measureClassifier(dataset, indices, kernels, weights);
    const record: ClassifierRecord = {
      sha256: createHash("sha256").update(model).digest("hex"),
      groups,
      subgroups,
      styles,
      training: {
        images: options.images,
        parameters: summary.size,
        macs: summary.macs,
        dataset: dataset.manifest.sha256,
        train: measure(dataset.train),
        heldOut: measure(dataset.heldOut),
      },
    };
    await Deno.writeFile(join(options.out, "classifier.onnx"), model);
    await Deno.writeTextFile(
      join(options.out, "classifier.json"),
      JSON.stringify(record, null, 2) + "\n",
    );
    progress.log(
      `${model.length} bytes after ${
        clock().toFixed(0)
      } s; right on held-out concepts: ${
        JSON.stringify(record.training.heldOut)
      }; on training pictures: ${JSON.stringify(record.training.train)}`,
    );
  },
);
Deno.exit(0);
