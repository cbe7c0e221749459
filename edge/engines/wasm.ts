import * as ort from "onnxruntime-web";
import type { Engine, NetworkShape } from "./engine.ts";
import { webEngine } from "./web.ts";

/**
 * Runs a network in onnxruntime's WebAssembly build, on one thread: the same bytes on every machine.
 *
 * @param shape Its shape.
 * @param onnx The bytes of its file.
 * @returns The engine.
 * @throws {Error} If onnxruntime cannot load the network.
 */
export function wasmEngine(
  shape: NetworkShape,
  onnx: Uint8Array,
): Promise<Engine> {
  return webEngine(ort, "wasm", shape, onnx);
}
