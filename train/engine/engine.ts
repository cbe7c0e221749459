/**
 * Trains a network on one or more worker threads. Each worker has its own backend and computes the gradient of a slice
 * of every batch; gradients meet in shared memory and each worker updates its share of the weights.
 *
 * @module
 */

import type { BackendName, Precision } from "../backend.ts";
import type { Batch } from "../batch.ts";
import type { RunConfig } from "../config.ts";
import type { TeacherPaths } from "../distillation/read_teacher.ts";
import { historyLayout } from "../objectives/loss_history.ts";
import { closeBarrier } from "./barrier.ts";
import { allocate, type TrainingMemory, viewMemory } from "./memory.ts";
import type { FromWorker, ToWorker } from "./messages.ts";

/** Options for {@linkcode openEngine}. */
export interface EngineOptions {
  /** The run. */
  config: RunConfig;
  /** Number of weights of its network. */
  parameters: number;
  /**
   * Number of weights of its critic, for a run that learns by distribution matching.
   * @default {0}
   */
  critic?: number | undefined;
  /** Folder of the data set. */
  data: string;
  /**
   * Checkpoints of the teacher, for a run that learns from one.
   * @default {none}
   */
  teacher?: TeacherPaths | undefined;
  /** Where tensors live. */
  backend: BackendName;
  /** Type in which pictures travel through the network. */
  precision: Precision;
  /** Worker threads; the batch must divide by their number. */
  workers: number;
  /** Threads inside one operation of a worker. */
  threads: number;
}

/** Losses and gradient norms of consecutive steps; ends early at one that is not finite. */
export interface TrainedSteps {
  /** Mean loss of each step's batch. */
  losses: number[];
  /** Norm of each step's gradient before clipping. */
  norms: number[];
  /** Tensors alive in a worker after the last step. */
  tensors: number;
}

/** Inputs of a network for `count` pictures, `[h, w, c]` each. */
export interface PredictInputs {
  /** How many pictures. */
  count: number;
  /** Pictures scaled by c_in. */
  x: Float32Array;
  /** c_noise, one a picture. */
  level: Float32Array;
  /** Condition vectors. */
  condition: Float32Array;
}

/** A running engine. */
export interface Engine {
  /** The backend, for people. */
  readonly description: string;
  /** Weights and all else that training changes; written by the workers during {@linkcode Engine.train}. */
  readonly memory: TrainingMemory;
  /** Takes steps `from` (counted from 0) to `to`. */
  train(from: number, to: number): Promise<TrainedSteps>;
  /** Loss of each example of a batch under given weights. */
  losses(weights: Float32Array, batch: Batch): Promise<Float32Array>;
  /** Output of the network under given weights. */
  predict(weights: Float32Array, inputs: PredictInputs): Promise<Float32Array>;
  /** Ends the workers. */
  close(): void;
}

/** Starts the workers and waits until each has its backend. */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const { config, workers: count } = options;
  const parts = count * (config.accumulation ?? 1);
  if (config.batch % parts !== 0) {
    throw new RangeError(
      `Cannot train as --batch-size must divide by --workers${
        parts === count ? "" : " times the parts of a step"
      } (${parts}): current value is ${config.batch}`,
    );
  }
  const layout = {
    parameters: options.parameters,
    critic: options.critic ?? 0,
    averages: config.ema.length,
    workers: count,
    ...historyLayout(config),
  };
  const buffer = allocate(layout);
  const memory = viewMemory(buffer, layout);
  memory.history.fill(NaN);
  const workers = Array.from(
    { length: count },
    () =>
      new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }),
  );

  function ask<Type extends FromWorker["type"]>(
    worker: Worker,
    message: ToWorker,
    type: Type,
  ): Promise<Extract<FromWorker, { type: Type }>> {
    return new Promise((resolve, reject) => {
      worker.onerror = (event) => {
        event.preventDefault();
        reject(new Error(event.message));
      };
      worker.onmessage = ({ data }) => {
        if (data.type === type) resolve(data);
        else reject(new Error(`Cannot read a worker's message ${data.type}`));
      };
      worker.postMessage(message);
    });
  }

  function close(): void {
    closeBarrier(memory.barrier);
    for (const worker of workers) worker.terminate();
  }

  try {
    const [ready] = await Promise.all(
      workers.map((worker, index) =>
        ask(worker, {
          type: "start",
          setup: { ...options, index, workers: count, memory: buffer, layout },
        }, "ready")
      ),
    );
    const first = workers[0]!;
    return {
      description: ready!.description,
      memory,
      async train(from, to) {
        const message = { type: "train", from, to } as const;
        const [result] = await Promise.all(
          workers.map((worker) => ask(worker, message, "trained")),
        );
        return result!;
      },
      async losses(weights, batch) {
        const message = { type: "losses", weights, batch } as const;
        return (await ask(first, message, "losses")).losses;
      },
      async predict(weights, inputs) {
        const message = { type: "predict", weights, ...inputs } as const;
        return (await ask(first, message, "predicted")).output;
      },
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}
