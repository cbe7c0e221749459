import {
  type ImageShape,
  type OwnPicture,
  planesToPicture,
  tile,
} from "@emoji/diffusion/image";
import type { ModelNetwork } from "@emoji/diffusion/model-sampler";
import { openProcess } from "@emoji/diffusion/open-process";
import { resizePixel } from "@emoji/diffusion/resize";
import { upsample } from "@emoji/diffusion/upsample";
import type { Batch } from "../batch.ts";
import type { RunConfig } from "../config.ts";
import { UPSAMPLER_SIGMA } from "../model_config.ts";
import { transposeEach } from "../sheet.ts";
import { averageSquares } from "./average_squares.ts";

/**
 * Draws what an upsampler makes of real pictures: side by side the small one, its answer, and the large one.
 *
 * @param large Shape of the large pictures.
 * @param network The upsampler.
 * @param batch Examples with the pictures.
 * @param run Its run.
 */
export async function drawUpsamplingSheet(
  large: ImageShape,
  network: ModelNetwork,
  { count, x, target, t }: Batch,
  { objective, upsample: config }: Pick<RunConfig, "objective" | "upsample">,
): Promise<OwnPicture> {
  const { width: scale } = config!;
  const { width, height, channels } = large;
  const small = { ...large, width: width / scale, height: height / scale };
  const process = openProcess(objective.process);
  const values = x.length / count;
  const rows: OwnPicture[] = [];
  for (let row = 0; row < count; row++) {
    const { skip, out, scale: scaled } = process.coefficients(
      process.level(t[row]!),
    );
    const clean = Float32Array.from(
      { length: values },
      (_, i) =>
        skip / scaled * x[row * values + i]! + out * target[row * values + i]!,
    );
    const planesOf = (picture: Float32Array) =>
      transposeEach(picture, 1, width * height, channels);
    const real = planesOf(clean);
    averageSquares(clean, width, scale);
    const means = planesOf(clean).filter((_, i) =>
      i % scale === 0 && Math.floor(i / width) % scale === 0
    );
    const drawn = await upsample(
      { scale, process: objective.process, level: UPSAMPLER_SIGMA },
      network,
      means,
      small,
    );
    rows.push(
      resizePixel(planesToPicture(means, small), width, height),
      planesToPicture(drawn, large),
      planesToPicture(real, large),
    );
  }
  return tile(rows, { columns: 12, gap: 2 });
}
