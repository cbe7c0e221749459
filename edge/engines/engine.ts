import type { ModelNetwork } from "@emoji/diffusion/model-sampler";
import type { ModelConfig } from "@emoji/diffusion/model-config";

/** What runs a network. Pictures of one class are the same bytes on every host. */
export type EngineClass = "wasm" | "webgpu" | "native";

/** A network that is ready to run. */
export interface Engine {
  /** What runs it. */
  readonly class: EngineClass;
  /** Evaluates the network for a batch. */
  readonly network: ModelNetwork;
  /** Frees the network's memory. It must not be used after that. */
  release(): Promise<void>;
}

/** Makes an engine from a model's config and the bytes of its `model.onnx`. */
export type EngineFactory = (
  config: ModelConfig,
  onnx: Uint8Array,
) => Promise<Engine>;
