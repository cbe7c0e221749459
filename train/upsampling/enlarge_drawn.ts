import type * as tf from "@tensorflow/tfjs";
import { openProcess } from "@emoji/diffusion/open-process";
import type { RunConfig } from "../config.ts";
import {
  eachLevel,
  seenBy,
  type TrainedNetwork,
} from "../distillation/guided.ts";
import type { Drawn } from "../matching/draw_run.ts";
import { UPSAMPLER_SIGMA } from "../model_config.ts";
import { aSquareForEachPixel } from "./squares.ts";

/**
 * Lets an upsampler enlarge finished pictures, as `upsample()` does for a model.
 *
 * @param small The pictures: `[n, h, w, c]`.
 * @param condition Condition vectors of the run.
 */
export function enlargeDrawn(
  upsampler: TrainedNetwork,
  small: tf.Tensor4D,
  condition: tf.Tensor2D,
  { objective, upsample }: Pick<RunConfig, "objective" | "upsample">,
): Drawn {
  const { level, coefficients } = openProcess(objective.process);
  const at = eachLevel(
    Array(small.shape[0]).fill(level(UPSAMPLER_SIGMA)),
    coefficients,
  );
  const x = aSquareForEachPixel(small, upsample!.width);
  return { x, at, condition, x0: seenBy(upsampler, x, at, condition) };
}
