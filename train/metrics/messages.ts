/**
 * What the evaluation and its worker threads say to each other.
 *
 * @module
 */

import type { Condition } from "@emoji/diffusion/condition";
import type { SamplingDefaults } from "@emoji/diffusion/model-config";
import type { SamplingRequest } from "@emoji/diffusion/model-sampler";
import type { ModelFiles } from "../onnx/model_folder.ts";
import type { Examples } from "./denoise.ts";
import type { Neighbours } from "./neighbour_search.ts";
import type { Pictures } from "./pictures.ts";

/** Feature spaces in which distances are taken. */
export const SPACES = ["random", "classifier"] as const;

/** One of {@linkcode SPACES}. */
export type Space = (typeof SPACES)[number];

/** What a worker needs to start. */
export interface EvaluationSetup {
  /** The model that is evaluated. */
  model: ModelFiles;
  /** ONNX file of each feature network. */
  networks: Record<Space, Uint8Array>;
  /** Training pictures among which neighbours are searched. */
  reference: Pictures;
}

/** Draws pictures; picture k has `seeds[k]` and `conditions[k]`. */
export interface DrawTask {
  type: "draw";
  seeds: readonly number[];
  conditions: readonly Condition[];
  request: SamplingRequest;
  /** Replaces the model's own defaults. */
  sampling: SamplingDefaults;
}

/** Runs pictures through a feature network. */
export interface EmbedTask {
  type: "embed";
  space: Space;
  pictures: Pictures;
}

/** Searches the nearest training pictures. */
export interface SearchTask {
  type: "search";
  queries: Pictures;
}

/** Denoises real pictures at the level of coordinate `t`. */
export interface DenoiseTask {
  type: "denoise";
  examples: Examples;
  t: number;
}

/** Bounds the likelihood of real pictures. */
export interface BoundTask {
  type: "bound";
  examples: Examples;
}

/** Work for any worker. */
export type EvaluationTask =
  | DrawTask
  | EmbedTask
  | SearchTask
  | DenoiseTask
  | BoundTask;

/** What {@linkcode EmbedTask} answers. */
export interface Embedding {
  /** `[n, d]`. */
  features: Float32Array;
  /** `[n, labels]`, empty where the network knows no labels. */
  logits: Float32Array;
}

/** What each task answers. */
export interface TaskResults {
  draw: Pictures;
  embed: Embedding;
  search: Neighbours[];
  /** Loss of each picture. */
  denoise: number[];
  /** Bits per dimension of each picture. */
  bound: number[];
}

/** To a worker. */
export type ToEvaluator =
  | { type: "start"; setup: EvaluationSetup }
  | EvaluationTask;

/** From a worker: ready, done, or failed. */
export type FromEvaluator =
  | { type: "ready" }
  | { type: "done"; result: TaskResults[keyof TaskResults] }
  | { type: "failed"; message: string };
