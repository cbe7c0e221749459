import * as tf from "@tensorflow/tfjs";
import type { Compile } from "../backend.ts";
import type { NativeBackend } from "./sequence.ts";

/** Compiles what is computed into one function of TensorFlow's for every set of input shapes. */
export function openCompile(backend: NativeBackend): Compile {
  const { binding } = backend;
  return (body) => {
    const functions = new Map<string, { name: string; outputs: number }>();

    function record(inputs: tf.Tensor[]): { name: string; outputs: number } {
      let outputs = 0;
      const ids = backend.getInputTensorIds(inputs);
      const name = binding.record(ids, () => {
        const results = tf.tidy(() => body(...inputs));
        outputs = results.length;
        const ids = backend.getInputTensorIds(results);
        tf.dispose(results);
        return ids;
      });
      return { name, outputs };
    }

    return (...inputs) => {
      const key = inputs.map(({ dtype, shape }) => `${dtype}:${shape}`).join();
      const made = functions.get(key) ?? record(inputs);
      functions.set(key, made);
      return backend.executeMultipleOutputs(
        made.name,
        [],
        inputs,
        made.outputs,
      );
    };
  };
}
