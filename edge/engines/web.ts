import type { ModelConfig } from "@emoji/diffusion/model-config";
import * as ort from "onnxruntime-web";
import type { Engine } from "./engine.ts";
import { ortEngine } from "./ort_engine.ts";

/** Runs a network in onnxruntime-web, on one thread and by one of its providers. */
export function webEngine(
  provider: "wasm" | "webgpu",
  config: ModelConfig,
  onnx: Uint8Array,
): Promise<Engine> {
  ort.env.logLevel = "error";
  ort.env.wasm.numThreads = 1;
  return ortEngine(ort, config, onnx, {
    class: provider,
    session: { executionProviders: [provider] },
  });
}
