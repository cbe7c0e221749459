import type { ModelNetwork } from "@emoji/diffusion/model-sampler";
import type { Engine, EngineClass, NetworkShape } from "./engine.ts";

/** The part of onnxruntime that its packages for the web and for Node have in common. */
export type Ort = Pick<
  typeof import("onnxruntime-web"),
  "InferenceSession" | "Tensor"
>;

/** Options for {@linkcode ortEngine}. */
export interface OrtEngineOptions {
  /** What is to run the network. */
  class: EngineClass;
  /** Options of the session; its first provider runs the network. */
  session: import("onnxruntime-web").InferenceSession.SessionOptions;
}

/**
 * Runs a network in onnxruntime, as `models/<name>/model.onnx` promises it: inputs `x` `[n, C, H, W]`, `level` `[n, 1]`
 * and `condition` `[n, K]` (of conditional models), one output of the shape of `x`; all of them float32.
 *
 * @param ort The package.
 * @param shape Its shape.
 * @param onnx The bytes of its file.
 * @returns The engine.
 * @throws {Error} If onnxruntime cannot load the network.
 */
export async function ortEngine(
  ort: Ort,
  shape: NetworkShape,
  onnx: Uint8Array,
  options: OrtEngineOptions,
): Promise<Engine> {
  const session = await ort.InferenceSession.create(onnx, {
    logSeverityLevel: 3, // errors
    ...options.session,
  });
  const tensor = (data: Float32Array, dims: number[]) =>
    new ort.Tensor("float32", data, dims);
  const { height, width } = shape.image;
  const network: ModelNetwork = async (x, level, rows, { images }) => {
    // Beside the picture a self-conditioned network reads its last estimate.
    const channels = x.length / (images * height * width);
    const output = await session.run({
      x: tensor(x, [images, channels, height, width]),
      level: tensor(new Float32Array(images).fill(level), [images, 1]),
      ...(shape.condition !== undefined && {
        condition: tensor(rows, [images, shape.condition.size]),
      }),
    });
    const data = Object.values(output)[0]?.data;
    if (!(data instanceof Float32Array)) {
      throw new TypeError("Cannot run model as its output must be float32");
    }
    return data;
  };
  return { class: options.class, network, release: () => session.release() };
}
