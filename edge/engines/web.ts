import { compiledOrt } from "./compiled_ort.ts";
import type { Engine, NetworkShape } from "./engine.ts";
import { ortEngine } from "./ort_engine.ts";

/** A build of onnxruntime-web. */
export type OrtWeb = typeof import("onnxruntime-web");

/** Runs a network in onnxruntime-web, on one thread and by one of its providers. */
export function webEngine(
  ort: OrtWeb,
  provider: "wasm" | "webgpu",
  shape: NetworkShape,
  onnx: Uint8Array,
): Promise<Engine> {
  ort.env.logLevel = "error";
  ort.env.wasm.numThreads = 1;
  const compiled = compiledOrt();
  if (compiled !== undefined) ort.env.wasm.wasmBinary = compiled;
  return ortEngine(ort, shape, onnx, {
    class: provider,
    session: { executionProviders: [provider] },
  });
}
