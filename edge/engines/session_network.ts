import type { ModelConfig } from "@emoji/diffusion/model-config";
import type { ModelNetwork } from "@emoji/diffusion/model-sampler";

/** The part of onnxruntime's tensors that we need; the web and the native package have it in common. */
export interface OrtTensor {
  readonly data: unknown;
  readonly dims: readonly number[];
}

/** The part of onnxruntime's sessions that we need. */
export interface OrtSession {
  run(feeds: Record<string, OrtTensor>): Promise<Record<string, OrtTensor>>;
}

/** Makes a float32 tensor. */
export type OrtTensorFactory = (
  data: Float32Array,
  dims: number[],
) => OrtTensor;

/**
 * The network in an onnxruntime session, as `models/<name>/model.onnx` promises it: inputs `x` `[n, C, H, W]`, `level`
 * `[n, 1]` and `condition` `[n, K]` (of conditional models), one output of the shape of `x`.
 */
export function sessionNetwork(
  session: OrtSession,
  tensor: OrtTensorFactory,
  { image, condition }: ModelConfig,
): ModelNetwork {
  const { height, width } = image;
  return async (x, level, rows, { images }) => {
    const feeds: Record<string, OrtTensor> = {
      // Beside the picture a self-conditioned network reads its last estimate.
      x: tensor(x, [
        images,
        x.length / (images * height * width),
        height,
        width,
      ]),
      level: tensor(new Float32Array(images).fill(level), [images, 1]),
    };
    if (condition !== undefined) {
      feeds.condition = tensor(rows, [images, condition.size]);
    }
    const [output] = Object.values(await session.run(feeds));
    if (!(output?.data instanceof Float32Array)) {
      throw new TypeError("Cannot run model as its output must be float32");
    }
    return output.data;
  };
}
