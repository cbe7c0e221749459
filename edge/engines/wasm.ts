import type { ModelConfig } from "@emoji/diffusion/model-config";
import * as ort from "onnxruntime-web";
import type { Engine } from "./engine.ts";
import { webEngine } from "./web.ts";

/**
 * Runs a network in onnxruntime's WebAssembly build, on one thread: the same bytes on every machine.
 *
 * @param config The model's config.
 * @param onnx The bytes of its `model.onnx`.
 * @returns The engine.
 * @throws {Error} If onnxruntime cannot load the network.
 */
export function wasmEngine(
  config: ModelConfig,
  onnx: Uint8Array,
): Promise<Engine> {
  return webEngine(ort, "wasm", config, onnx);
}
