import { type Floats, like } from "../floats.ts";
import type { Level } from "../level.ts";
import { type DenoiseCall, type Denoiser, toPrediction } from "./denoiser.ts";

/** A denoiser that also sees its last clean images, zeros at first. */
export type SelfConditioned<T extends Floats = Float32Array> = (
  x: T,
  previous: T,
  level: Level,
  call: DenoiseCall,
) => ReturnType<Denoiser<T>>;

/** Self-conditioning, Chen et al. (2023), section 2: the last estimate of the clean images is an input of the next. */
export function selfCondition<T extends Floats = Float32Array>(
  denoise: SelfConditioned<T>,
): Denoiser<T> {
  return async (x, level, call) => {
    const before = call.memory?.get("self-condition");
    const previous = before?.length === x.length ? before as T : like(x);
    const prediction = toPrediction(await denoise(x, previous, level, call));
    call.memory?.set("self-condition", prediction.x0);
    return prediction;
  };
}
