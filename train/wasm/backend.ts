import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { registerTrainingKernels } from "./kernels.ts";

/** Opens TensorFlow.js's WASM backend and adds the kernels that training needs. */
export async function openWasm(): Promise<{ description: string }> {
  const entry = import.meta.resolve("@tensorflow/tfjs-backend-wasm");
  setWasmPaths(
    new URL("../dist/", entry).href.replace("/dist/dist/", "/dist/"),
  );
  await tf.setBackend("wasm");
  await tf.ready();
  registerTrainingKernels();
  return {
    description: `TensorFlow.js ${tf.version_core} WASM, one thread a worker`,
  };
}
