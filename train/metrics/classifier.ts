/**
 * The frozen emoji classifier: `classifier.onnx`, pinned by the SHA-256 in `classifier.json`.
 *
 * @module
 */

import { createHash } from "node:crypto";
import type { Agreement } from "./agreement.ts";
import { classifierNetwork } from "./classifier_network.ts";
import type { FeatureNetwork } from "./feature_onnx.ts";
import { labelCount, type Labels } from "./labels.ts";

/** What `classifier.json` tells. */
export interface ClassifierRecord extends Labels {
  /** SHA-256 of `classifier.onnx`, in hexadecimal. */
  readonly sha256: string;
  /** How it was trained and how often it is right. */
  readonly training: {
    readonly images: number;
    readonly parameters: number;
    readonly macs: number;
    readonly dataset: string;
    readonly train: Agreement;
    readonly heldOut: Agreement;
  };
}

/** The classifier with its file. */
export interface Classifier {
  /** What is known of it. */
  readonly record: ClassifierRecord;
  /** Bytes of `classifier.onnx`. */
  readonly model: Uint8Array<ArrayBuffer>;
}

/** The network for a set of labels. */
export function classifierOf(labels: Labels): FeatureNetwork {
  return (graph, pool, x) =>
    classifierNetwork(graph, pool, x, labelCount(labels));
}

/**
 * Reads the classifier.
 *
 * @param folder Folder with `classifier.onnx` and `classifier.json`.
 * @throws {Error} If a file is missing or `classifier.onnx` is not the frozen one.
 */
export async function loadClassifier(
  folder: URL = new URL("./", import.meta.url),
): Promise<Classifier> {
  const record: ClassifierRecord = JSON.parse(
    await Deno.readTextFile(new URL("classifier.json", folder)),
  );
  const model = await Deno.readFile(new URL("classifier.onnx", folder));
  const sha256 = createHash("sha256").update(model).digest("hex");
  if (sha256 !== record.sha256) {
    throw new Error(
      `Cannot use classifier.onnx as its SHA-256 must be ${record.sha256}: current value is ${sha256}`,
    );
  }
  return { record, model };
}
