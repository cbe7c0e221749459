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

/** What an engine needs to know of a network. */
export type NetworkShape = Pick<ModelConfig, "image" | "condition">;

/** Makes an engine from the shape of a network, such as a model's config, and the bytes of its file. */
export type EngineFactory = (
  shape: NetworkShape,
  onnx: Uint8Array,
) => Promise<Engine>;
