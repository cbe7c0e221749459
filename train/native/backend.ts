import "./node_util.ts";
import { createRequire } from "node:module";
import * as tf from "@tensorflow/tfjs";
import type { Backend, BackendOptions } from "../backend.ts";
import { TensorflowBinding } from "./binding.ts";
import { openCompile } from "./compile.ts";
import { nativeKernels } from "./kernels.ts";
import type { NativeBackend } from "./sequence.ts";
import { findTensorflow, INSTALL_HINT } from "./library.ts";

/** tfjs-node's entry loads an addon that is not there; its parts are CommonJS and are reached past it. */
const require = createRequire(import.meta.url);

/** Opens TensorFlow's C library, with tfjs-node's backend class over our own binding. */
export async function openNative(
  { threads = 0, precision = "float32" }: BackendOptions,
): Promise<Omit<Backend, "name">> {
  const library = findTensorflow();
  if (!library) {
    throw new Error(`Cannot open the native backend: ${INSTALL_HINT}`);
  }
  require("@tensorflow/tfjs-node/dist/register_all_kernels");
  const { NodeJSKernelBackend } = require(
    "@tensorflow/tfjs-node/dist/nodejs_kernel_backend",
  );
  const binding = new TensorflowBinding(library.path, { threads });
  const backend: tf.KernelBackend & NativeBackend = new NodeJSKernelBackend(
    binding,
    "@tensorflow/tfjs-node",
  );
  tf.registerBackend("tensorflow", () => backend, 3);
  await tf.setBackend("tensorflow");
  const device = binding.isUsingGpuDevice() ? "GPU" : "CPU";
  return {
    description:
      `TensorFlow ${binding.TF_Version} on ${device}, ${precision}, from the ${library.origin} (${library.path})`,
    kernels: nativeKernels(backend, { precision }),
    compile: openCompile(backend),
  };
}
