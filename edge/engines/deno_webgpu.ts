import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { EngineFactory } from "./engine.ts";

/**
 * Prepares the WebGPU engine on Deno, which has WebGPU of its own.
 *
 * @returns Makes engines.
 * @throws {Error} If there is no adapter.
 */
export async function denoWebgpuEngine(): Promise<EngineFactory> {
  const adapter = await navigator.gpu?.requestAdapter().catch(() => null);
  if (adapter == null) {
    throw new Error(
      "Cannot use the WebGPU engine as this machine must have an adapter: none found",
    );
  }
  // A worker has a location that onnxruntime-web takes for a page's, and fails to resolve its files against.
  Reflect.deleteProperty(globalThis, "location");
  const [{ env }, { webgpuEngine }, wasm] = await Promise.all([
    import("onnxruntime-web/jspi"),
    import("./webgpu.ts"),
    readFile(
      fileURLToPath(
        import.meta.resolve(
          "onnxruntime-web/ort-wasm-simd-threaded.jspi.wasm",
        ),
      ),
    ),
  ]);
  env.wasm.wasmBinary = wasm;
  return webgpuEngine;
}
