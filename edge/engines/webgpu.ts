import type { ModelConfig } from "@emoji/diffusion/model-config";
import { env, InferenceSession, Tensor } from "onnxruntime-web";
import type { Engine } from "./engine.ts";
import { type OrtTensor, sessionNetwork } from "./session_network.ts";

/**
 * Runs a network on the graphics card. Pictures look as those of the other engines do, but are not the same bytes.
 *
 * Needs a build of onnxruntime-web that knows WebGPU, and an adapter.
 *
 * @param config The model's config.
 * @param onnx The bytes of its `model.onnx`.
 * @returns The engine.
 * @throws {Error} If there is no adapter, or onnxruntime cannot load the network.
 */
export async function webgpuEngine(
  config: ModelConfig,
  onnx: Uint8Array,
): Promise<Engine> {
  env.logLevel = "error";
  env.wasm.numThreads = 1;
  const session = await InferenceSession.create(onnx, {
    executionProviders: ["webgpu"],
  });
  return {
    class: "webgpu",
    network: sessionNetwork(
      oneAtATime((feeds) => session.run(feeds as Record<string, Tensor>)),
      (data, dims) => new Tensor("float32", data, dims),
      config,
    ),
    release: () => session.release(),
  };
}

type Run = (
  feeds: Record<string, OrtTensor>,
) => Promise<Record<string, OrtTensor>>;

/** A WebGPU session throws when it is run twice at a time. */
function oneAtATime(run: Run): { run: Run } {
  let last: Promise<unknown> = Promise.resolve();
  return {
    run(feeds) {
      const next = last.then(() => run(feeds));
      last = next.catch(() => {});
      return next;
    },
  };
}
