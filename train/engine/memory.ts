/**
 * One block of shared memory holds everything that training changes: the weights, their averages, the optimiser's
 * moments, and one gradient a worker. Workers write their own part; the trainer reads it for checkpoints.
 *
 * @module
 */

import type { RunConfig } from "../config.ts";

/** Sizes that fix the layout of the shared memory. */
export interface MemoryLayout {
  /** Number of weights. */
  parameters: number;
  /** Number of averages of the weights. */
  averages: number;
  /** Number of workers. */
  workers: number;
}

/** Views into the shared memory; all vectors have one entry a weight. */
export interface TrainingMemory {
  /** The weights. */
  weights: Float32Array;
  /** Averages of the weights over the run. */
  averages: Float32Array[];
  /** Adam's first moment. */
  moment1: Float32Array;
  /** Adam's second moment. */
  moment2: Float32Array;
  /** Gradients, one a worker. */
  gradients: Float32Array[];
  /** A number a worker to sum over all of them. */
  sums: Float64Array;
  /** Words of the barrier. */
  barrier: Int32Array;
}

const BARRIER_BYTES = 64;
const SUM_BYTES = 8 * 64;

/** Allocates shared memory for a layout. */
export function allocate(
  { parameters, averages, workers }: MemoryLayout,
): SharedArrayBuffer {
  return new SharedArrayBuffer(
    BARRIER_BYTES + SUM_BYTES + 4 * parameters * (3 + averages + workers),
  );
}

/** Names the parts of shared memory. */
export function viewMemory(
  buffer: SharedArrayBuffer,
  { parameters, averages, workers }: MemoryLayout,
): TrainingMemory {
  let offset = BARRIER_BYTES + SUM_BYTES;
  function vector(): Float32Array {
    const view = new Float32Array(buffer, offset, parameters);
    offset += view.byteLength;
    return view;
  }
  return {
    weights: vector(),
    averages: Array.from({ length: averages }, vector),
    moment1: vector(),
    moment2: vector(),
    gradients: Array.from({ length: workers }, vector),
    sums: new Float64Array(buffer, BARRIER_BYTES, 64),
    barrier: new Int32Array(buffer, 0, 2),
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
  ) => [`ema_${length}`, memory.averages[i]!]);
  return {
    weights: memory.weights,
    ...Object.fromEntries(averages),
    moment1: memory.moment1,
    moment2: memory.moment2,
  };
}
