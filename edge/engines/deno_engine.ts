import type { EngineClass, EngineFactory } from "./engine.ts";

/** What runs networks on Deno; the first is the same bytes everywhere. */
export const DENO_ENGINES: readonly EngineClass[] = [
  "wasm",
  "webgpu",
  "native",
];

/**
 * Threads that a network gets so that all of them together use the whole machine.
 *
 * @param workers How many networks run at once.
 */
export function threadsPerWorker(workers: number): number {
  const { hardwareConcurrency } = navigator;
  return Math.max(1, Math.floor(hardwareConcurrency / Math.max(1, workers)));
}

/**
 * Loads an engine on Deno, and no code of the others.
 *
 * @param name Its class.
 * @param threads Threads of a network, for the native engine.
 * @throws {Error} If this machine lacks what the engine needs; the message says what that is.
 */
export async function denoEngine(
  name: EngineClass,
  threads: number,
): Promise<EngineFactory> {
  switch (name) {
    case "wasm":
      return (await import("./wasm.ts")).wasmEngine;
    case "webgpu":
      return await (await import("./deno_webgpu.ts")).denoWebgpuEngine();
    case "native":
      return (await import("./native.ts")).nativeEngine(threads);
  }
}
