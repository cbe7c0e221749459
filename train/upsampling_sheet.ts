import { openProcess } from "@emoji/diffusion/open-process";
import { type OwnPicture, tile } from "@emoji/diffusion/image";
import type { ModelConfig } from "@emoji/diffusion/model-config";
import type { Batch } from "./batch.ts";
import type { PredictInputs } from "./engine/engine.ts";
import { toPictures, transposeEach } from "./sheet.ts";

/**
 * Draws what an upsampler makes of examples: side by side what it is given, its answer, and the real picture.
 *
 * @param config The model as it is trained.
 * @param batch The examples.
 * @param predict Runs the network.
 */
export async function drawUpsamplingSheet(
  config: ModelConfig,
  batch: Batch,
  predict: (inputs: PredictInputs) => Promise<Float32Array>,
): Promise<OwnPicture> {
  const { count, x, level, condition, t, target } = batch;
  const answer = await predict({ count, x, level, condition });
  const process = openProcess(config.process);
  const values = x.length / count;
  const { width, height, channels } = config.image;
  const pictures = Array.from({ length: count }, (_, row) => {
    const { skip, out, scale } = process.coefficients(process.level(t[row]!));
    const given = x.subarray(row * values, (row + 1) * values)
      .map((value) => value / scale);
    const clean = (output: Float32Array) =>
      given.map((value, k) => skip * value + out * output[row * values + k]!);
    return [given, clean(answer), clean(target)].flatMap((picture) =>
      toPictures(config, transposeEach(picture, 1, width * height, channels))
    );
  });
  return tile(pictures.flat(), { columns: 12, gap: 2 });
}
