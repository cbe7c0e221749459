/**
 * What the trainer and its worker threads say to each other.
 *
 * @module
 */

import type { BackendName, Precision } from "../backend.ts";
import type { Batch } from "../batch.ts";
import type { RunConfig } from "../config.ts";
import type { TeacherPaths } from "../distillation/read_teacher.ts";
import type { MemoryLayout } from "./memory.ts";

/** What a worker needs to start. */
export interface WorkerSetup {
  /** The run. */
  config: RunConfig;
  /** Folder of the data set. */
  data: string;
  /** Checkpoints of the teacher, where the run learns from one. */
  teacher?: TeacherPaths | undefined;
  /** Where tensors live. */
  backend: BackendName;
  /** Type in which pictures travel through the network. */
  precision: Precision;
  /** Threads inside one operation. */
  threads: number;
  /** This worker's number, from 0. */
  index: number;
  /** How many workers there are. */
  workers: number;
  /** Shared memory. */
  memory: SharedArrayBuffer;
  /** Layout of the shared memory. */
  layout: MemoryLayout;
}

/** To a worker. */
export type ToWorker =
  | { type: "start"; setup: WorkerSetup }
  | { type: "train"; from: number; to: number }
  | { type: "losses"; weights: Float32Array; batch: Batch }
  | {
    type: "predict";
    weights: Float32Array;
    count: number;
    x: Float32Array;
    level: Float32Array;
    condition: Float32Array;
  };

/** From a worker. */
export type FromWorker =
  | { type: "ready"; description: string }
  | { type: "trained"; losses: number[]; norms: number[]; tensors: number }
  | { type: "losses"; losses: Float32Array }
  | { type: "predicted"; output: Float32Array };
