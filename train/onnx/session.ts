import type { ModelConfig } from "@emoji/diffusion/model-config";
import type { ModelNetwork } from "@emoji/diffusion/model-sampler";
import { env, InferenceSession, Tensor } from "onnxruntime-web";

/** A model that can draw. */
export interface OpenModel {
  /** How it draws. */
  readonly config: ModelConfig;
  /** Runs its network. */
  readonly network: ModelNetwork;
  /** Frees the network's memory. */
  release(): Promise<void>;
}

/**
 * Runs an exported network in onnxruntime's WebAssembly build on one thread, as the API does: a seed draws the same
 * picture here and there.
 *
 * @param config The model's configuration.
 * @param onnx The bytes of its `model.onnx`.
 * @throws {Error} If onnxruntime cannot load the network.
 */
export async function openSession(
  config: ModelConfig,
  onnx: Uint8Array,
): Promise<OpenModel> {
  env.logLevel = "error";
  env.wasm.numThreads = 1;
  const session = await InferenceSession.create(onnx, {
    executionProviders: ["wasm"],
  });
  const { height, width } = config.image;
  return {
    config,
    async network(x, level, condition, { images }) {
      const rows = config.condition?.size;
      // Beside the picture a self-conditioned network reads its last estimate.
      const channels = x.length / (images * height * width);
      const outputs = await session.run({
        x: new Tensor("float32", x, [images, channels, height, width]),
        level: new Tensor(
          "float32",
          new Float32Array(images).fill(level),
          [images, 1],
        ),
        ...(rows !== undefined && {
          condition: new Tensor("float32", condition, [images, rows]),
        }),
      });
      const [output] = Object.values(outputs);
      if (!(output?.data instanceof Float32Array)) {
        throw new TypeError(
          `Cannot run model ${config.name} as its output must be float32: current value is ${output?.type}`,
        );
      }
      return output.data;
    },
    release: () => session.release(),
  };
}
