/**
 * Opens the place where tensors live: native TensorFlow, WebGPU or WASM. One model code runs on all of them.
 *
 * @module
 */

import * as tf from "@tensorflow/tfjs";
import { type Kernels, plainKernels } from "./kernels.ts";
import { openNative } from "./native/backend.ts";
import { findTensorflow, INSTALL_HINT } from "./native/library.ts";
import { racePrecisions } from "./native/precision.ts";
import { openWasm } from "./wasm/backend.ts";
import { findAdapter, openWebgpu } from "./webgpu/backend.ts";
import type { RunConfig } from "./config.ts";
import { MAX_WORKERS } from "./engine/memory.ts";

/** Backends by name, best first. */
export const BACKENDS = ["native", "webgpu", "wasm"] as const;

/** Name of a backend. */
export type BackendName = (typeof BACKENDS)[number];

/** Type in which pictures travel through the network. */
export type Precision = "float32" | "bfloat16";

/** Options for {@linkcode openBackend}. */
export interface BackendOptions {
  /**
   * Threads inside one operation; 0 means one a core. Native only.
   * @default {0}
   */
  threads?: number;
  /**
   * Type in which pictures travel through the network. Native only; the others compute in float32.
   * @default {"float32"}
   */
  precision?: Precision;
}

/**
 * Makes one operation of what `body` computes. It is a function of its inputs and their shapes alone: tensors from
 * elsewhere and numbers of JavaScript stay as they were when it first ran.
 */
export type Compile = (
  body: (...inputs: tf.Tensor[]) => tf.Tensor[],
) => (...inputs: tf.Tensor[]) => tf.Tensor[];

/** An open backend. */
export interface Backend {
  /** Its name. */
  name: BackendName;
  /** What was found and where, for people. */
  description: string;
  /** Its operations. */
  kernels: Kernels;
  /** Runs many of them as one, where it can; elsewhere they run one by one. */
  compile: Compile;
}

/** Resolves "auto" to the best backend that is here. */
export async function chooseBackend(
  name: BackendName | "auto",
): Promise<BackendName> {
  if (name === "auto") {
    if (findTensorflow()) return "native";
    return await findAdapter() === "gpu" ? "webgpu" : "wasm";
  }
  if (name === "native" && !findTensorflow()) {
    throw new Error(
      `Cannot train on the native backend as no TensorFlow library was found: ${INSTALL_HINT}`,
    );
  }
  return name;
}

/**
 * Worker threads that suit a run: one on a GPU, and one where batch norm wants to see whole batches; else as many as there
 * are cores for and divide a step's parts evenly.
 *
 * @param cores Cores of the machine.
 */
export function defaultWorkers(
  name: BackendName,
  { batch, accumulation = 1, network }: Pick<
    RunConfig,
    "batch" | "accumulation" | "network"
  >,
  cores: number = navigator.hardwareConcurrency,
): number {
  if (name === "webgpu" || network.type === "plain-unet") return 1;
  const part = batch / accumulation;
  let workers = Math.min(cores, MAX_WORKERS, part);
  while (workers > 1 && part % workers !== 0) workers--;
  return workers;
}

/** Resolves "auto" to the precision in which a backend is clearly faster on this machine. */
export function choosePrecision(
  precision: Precision | "auto",
  backend: BackendName,
): Precision {
  if (precision === "bfloat16" && backend !== "native") {
    throw new Error(
      `Cannot compute in bfloat16 as the backend must be native: current value is ${backend}`,
    );
  }
  if (precision !== "auto") return precision;
  const library = backend === "native" ? findTensorflow() : undefined;
  return library ? racePrecisions(library) : "float32";
}

const opened = new Map<BackendName, Backend>();

/**
 * Opens a backend in this thread and makes it TensorFlow.js's current one. A thread has at most one of each name: what
 * was opened first stays, with the options it was given.
 */
export async function openBackend(
  name: BackendName,
  options: BackendOptions = {},
): Promise<Backend> {
  tf.enableProdMode();
  const backend = opened.get(name) ?? await open(name, options);
  opened.set(name, backend);
  await tf.setBackend(TFJS_NAMES[name]);
  return backend;
}

const PLAIN = {
  kernels: plainKernels,
  compile: ((body) => (...inputs) => tf.tidy(() => body(...inputs))) as Compile,
};

/** What TensorFlow.js calls them. */
const TFJS_NAMES = {
  native: "tensorflow",
  webgpu: "webgpu",
  wasm: "wasm",
} as const;

async function open(
  name: BackendName,
  options: BackendOptions,
): Promise<Backend> {
  switch (name) {
    case "native":
      return { name, ...await openNative(options) };
    case "webgpu":
      return { name, ...PLAIN, ...await openWebgpu() };
    case "wasm":
      return { name, ...PLAIN, ...await openWasm() };
  }
}
