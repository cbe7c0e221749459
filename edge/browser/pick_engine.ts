/** The part of WebGPU that we need. */
interface Gpu {
  requestAdapter(): Promise<unknown>;
}

/**
 * The fastest engine of this browser: WebGPU where there is an adapter and WebAssembly can wait for it (JavaScript
 * Promise Integration), else WebAssembly alone.
 */
export async function pickEngine(): Promise<"wasm" | "webgpu"> {
  const { gpu } = navigator as { gpu?: Gpu };
  if (gpu === undefined || !("Suspending" in WebAssembly)) return "wasm";
  const adapter = await gpu.requestAdapter().catch(() => null);
  return adapter === null ? "wasm" : "webgpu";
}
