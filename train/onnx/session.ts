import { drawnShape, type ModelConfig } from "@emoji/diffusion/model-config";
import type { ModelNetwork } from "@emoji/diffusion/model-sampler";
import type { ModelFiles } from "./model_folder.ts";
import { env, InferenceSession, Tensor } from "onnxruntime-web";

/** A model that can draw. */
export interface OpenModel {
  /** How it draws. */
  readonly config: ModelConfig;
  /** Runs its network. */
  readonly network: ModelNetwork;
  /** Runs its upsampler, where it has one. */
  readonly upsampler?: ModelNetwork;
  /** Frees the networks' memory. */
  release(): Promise<void>;
}

/**
 * Runs an exported model in onnxruntime's WebAssembly build on one thread, as the API does: a seed draws the same
 * picture here and there.
 *
 * @throws {Error} If onnxruntime cannot load a network.
 */
export async function openSession(
  { config, onnx, upsampler: larger }: ModelFiles,
): Promise<OpenModel> {
  const sampled = await openNetwork(config, onnx);
  if (larger === undefined) return { config, ...sampled };
  const upsampler = await openNetwork({ image: drawnShape(config) }, larger);
  return {
    config,
    network: sampled.network,
    upsampler: upsampler.network,
    async release() {
      await sampled.release();
      await upsampler.release();
    },
  };
}

async function openNetwork(
  { image: { height, width }, condition: layout }: Pick<
    ModelConfig,
    "image" | "condition"
  >,
  onnx: Uint8Array,
): Promise<Pick<OpenModel, "network" | "release">> {
  env.logLevel = "error";
  env.wasm.numThreads = 1;
  const session = await InferenceSession.create(onnx, {
    executionProviders: ["wasm"],
  });
  return {
    async network(x, level, condition, { images }) {
      // Beside the picture a self-conditioned network reads its last estimate.
      const channels = x.length / (images * height * width);
      const outputs = await session.run({
        x: new Tensor("float32", x, [images, channels, height, width]),
        level: new Tensor(
          "float32",
          new Float32Array(images).fill(level),
          [images, 1],
        ),
        ...(layout !== undefined && {
          condition: new Tensor("float32", condition, [images, layout.size]),
        }),
      });
      const [output] = Object.values(outputs);
      if (!(output?.data instanceof Float32Array)) {
        throw new TypeError(
          `Cannot run the network as its output must be float32: current value is ${output?.type}`,
        );
      }
      return output.data;
    },
    release: () => session.release(),
  };
}
