import type * as tf from "@tensorflow/tfjs";
import type { OpAttr } from "./attributes.ts";
import type { TensorflowBinding, TensorMetadata } from "./binding.ts";
import { DataType } from "./c_api.ts";

/** tfjs-node's backend class, as far as it is used here. */
export interface NativeBackend {
  /** The library. */
  binding: TensorflowBinding;
  /** Whether tensors live on a GPU. */
  isUsingGpuDevice: boolean;
  /** Runs an op with one output. */
  executeSingleOutput(
    name: string,
    attrs: OpAttr[],
    inputs: tf.Tensor[],
  ): tf.Tensor;
  /** Runs an op with several. */
  executeMultipleOutputs(
    name: string,
    attrs: OpAttr[],
    inputs: tf.Tensor[],
    outputs: number,
  ): tf.Tensor[];
  /** The binding's numbers for tensors. */
  getInputTensorIds(inputs: tf.Tensor[]): number[];
  /** A tensor of TensorFlow.js for one of the binding. */
  createOutputTensor(output: TensorMetadata): tf.Tensor;
}

/** Runs ops on the binding's numbers for tensors. */
export interface Sequence {
  /** Runs an op with one output, which lives as long as the sequence. */
  op(name: string, attrs: readonly OpAttr[], inputs: readonly number[]): number;
  /** An int32 tensor that lives for ever. */
  constant(values: readonly number[], shape?: readonly number[]): number;
}

/** Runs `write`, which returns the number of the last op's output, as if it were one op. */
export type RunSequence = (
  inputs: tf.Tensor[],
  write: (sequence: Sequence, ...inputs: number[]) => number,
) => tf.Tensor;

/**
 * Several ops that are one to TensorFlow.js: it need not keep books of what lies between, which takes longer than a
 * small op itself.
 */
export function openSequences(backend: NativeBackend): RunSequence {
  const { binding } = backend;
  const constants = new Map<string, number>();
  return function runSequence(inputs, write) {
    const made = new Map<number, TensorMetadata>();
    const sequence: Sequence = {
      op(name, attrs, ids) {
        const [output] = binding.executeOp(name, attrs, ids, 1);
        made.set(output!.id, output!);
        return output!.id;
      },
      constant(values, shape = [values.length]) {
        const key = `${shape}:${values}`;
        let id = constants.get(key);
        if (id === undefined) {
          const numbers = Int32Array.from(values);
          id = binding.createTensor(shape, DataType.INT32, numbers);
          constants.set(key, id);
        }
        return id;
      },
    };
    const ids = backend.getInputTensorIds(inputs);
    let last: TensorMetadata | undefined;
    try {
      last = made.get(write(sequence, ...ids));
    } finally {
      for (const id of made.keys()) {
        if (id !== last?.id) binding.deleteTensor(id);
      }
    }
    return backend.createOutputTensor(last!);
  };
}
