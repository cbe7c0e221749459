/**
 * One block of shared memory holds everything that training changes: the weights, their averages, the optimiser's
 * moments, and one gradient a worker. Workers write their own part; the trainer reads it for checkpoints.
 *
 * @module
 */

import { averageName } from "../checkpoint.ts";
import type { RunConfig } from "../config.ts";
import { BARRIER_WORDS } from "./barrier.ts";

/** Sizes that fix the layout of the shared memory. */
export interface MemoryLayout {
  /** Number of weights. */
  parameters: number;
  /**
   * Number of weights of a critic, which learns beside the network.
   * @default {0}
   */
  critic?: number;
  /** Number of averages of the weights. */
  averages: number;
  /** Number of workers. */
  workers: number;
  /**
   * Examples a step, where their losses are to be shared.
   * @default {0}
   */
  examples?: number;
  /**
   * Length of the history of losses.
   * @default {0}
   */
  history?: number;
}

/** Views into the shared memory; vectors have one entry a weight unless they say otherwise. */
export interface TrainingMemory {
  /** All that is learned: the weights, then the critic's; the moments and gradients have the same entries. */
  learned: Float32Array;
  /** The weights. */
  weights: Float32Array;
  /** The critic's weights; empty where there is none. */
  critic: Float32Array;
  /** Averages of the weights over the run. */
  averages: Float32Array[];
  /** Adam's first moment. */
  moment1: Float32Array;
  /** Adam's second moment. */
  moment2: Float32Array;
  /** Gradients, one a worker. */
  gradients: Float32Array[];
  /** Loss of each example of a step, and its level's index: `[examples, 2]`. */
  examples: Float32Array;
  /** The latest losses of each level, oldest first; NaN where there is none yet. Empty where levels do not depend on losses. */
  history: Float32Array;
  /** A number a worker to sum over all of them. */
  sums: Float64Array;
  /** Words of the barrier. */
  barrier: Int32Array;
}

/** Most workers of an engine. */
export const MAX_WORKERS = 64;

/** Room for the barrier, whose words nothing else shares a cache line with. */
const BARRIER_BYTES = 64;
const SUM_BYTES = 8 * MAX_WORKERS;

/** Allocates shared memory for a layout. */
export function allocate(
  { parameters, critic = 0, averages, workers, examples = 0, history = 0 }:
    MemoryLayout,
): SharedArrayBuffer {
  return new SharedArrayBuffer(
    BARRIER_BYTES + SUM_BYTES + 4 * parameters * averages +
      4 * (parameters + critic) * (3 + workers) + 4 * (2 * examples + history),
  );
}

/** Names the parts of shared memory. */
export function viewMemory(
  buffer: SharedArrayBuffer,
  { parameters, critic = 0, averages, workers, examples = 0, history = 0 }:
    MemoryLayout,
): TrainingMemory {
  const all = parameters + critic;
  let offset = BARRIER_BYTES + SUM_BYTES;
  function vector(length: number): Float32Array {
    const view = new Float32Array(buffer, offset, length);
    offset += view.byteLength;
    return view;
  }
  const learned = vector(all);
  return {
    learned,
    weights: learned.subarray(0, parameters),
    critic: learned.subarray(parameters),
    averages: Array.from({ length: averages }, () => vector(parameters)),
    moment1: vector(all),
    moment2: vector(all),
    gradients: Array.from({ length: workers }, () => vector(all)),
    examples: vector(2 * examples),
    history: vector(history),
    sums: new Float64Array(buffer, BARRIER_BYTES, MAX_WORKERS),
    barrier: new Int32Array(buffer, 0, BARRIER_WORDS),
  };
}

/** The vectors a checkpoint keeps, by name. */
export function checkpointVectors(
  memory: TrainingMemory,
  config: RunConfig,
): Record<string, Float32Array> {
  const averages = config.ema.map((
    length,
    i,
  ) => [averageName(length), memory.averages[i]!]);
  return {
    weights: memory.weights,
    ...(memory.critic.length > 0 && { critic: memory.critic }),
    ...Object.fromEntries(averages),
    moment1: memory.moment1,
    moment2: memory.moment2,
    ...(memory.history.length > 0 && { history: memory.history }),
  };
}
