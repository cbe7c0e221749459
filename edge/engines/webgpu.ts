import type { ModelNetwork } from "@emoji/diffusion/model-sampler";
import * as ort from "onnxruntime-web/jspi";
import type { Engine, NetworkShape } from "./engine.ts";
import { webEngine } from "./web.ts";

/**
 * Runs a network on the graphics card. Pictures look as those of the other engines do, but are not the same bytes.
 *
 * Needs an adapter, and JavaScript Promise Integration.
 *
 * @param shape Its shape.
 * @param onnx The bytes of its file.
 * @returns The engine.
 * @throws {Error} If there is no adapter, or onnxruntime cannot load the network.
 */
export async function webgpuEngine(
  shape: NetworkShape,
  onnx: Uint8Array,
): Promise<Engine> {
  const engine = await webEngine(ort, "webgpu", shape, onnx);
  return { ...engine, network: oneAtATime(engine.network) };
}

/** A WebGPU session throws when it is run twice at a time. */
function oneAtATime(network: ModelNetwork): ModelNetwork {
  let last: Promise<unknown> = Promise.resolve();
  return (...call) => {
    const next = last.then(() => network(...call));
    last = next.catch(() => {});
    return next;
  };
}
