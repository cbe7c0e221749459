import type { ModelConfig } from "@emoji/diffusion/model-config";
import { env, InferenceSession, Tensor } from "onnxruntime-web";
import type { Engine } from "./engine.ts";
import { sessionNetwork } from "./session_network.ts";

/**
 * Runs a network in onnxruntime's WebAssembly build, on one thread: the same bytes on every machine.
 *
 * @param config The model's config.
 * @param onnx The bytes of its `model.onnx`.
 * @returns The engine.
 * @throws {Error} If onnxruntime cannot load the network.
 */
export async function wasmEngine(
  config: ModelConfig,
  onnx: Uint8Array,
): Promise<Engine> {
  env.logLevel = "error";
  env.wasm.numThreads = 1;
  const session = await InferenceSession.create(onnx, {
    executionProviders: ["wasm"],
  });
  return {
    class: "wasm",
    network: sessionNetwork(
      { run: (feeds) => session.run(feeds as Record<string, Tensor>) },
      (data, dims) => new Tensor("float32", data, dims),
      config,
    ),
    release: () => session.release(),
  };
}
