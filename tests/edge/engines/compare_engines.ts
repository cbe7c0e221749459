import type { Engine } from "../../../edge/engines/engine.ts";
import type { LoadedModel } from "../../../edge/render/local_renderer.ts";
import { drawRequest } from "../../../edge/render/draw_request.ts";
import { finishPictures } from "../../../edge/render/pictures.ts";
import type { EmojiRequest } from "../../../edge/request/request.ts";

/**
 * The largest difference of any channel, of 255, between the pictures that a model's own engine and another one draw of
 * some seeds, in 10 steps.
 */
export async function worstDifference(
  { config, engine }: LoadedModel,
  other: Engine,
  seeds: readonly number[],
): Promise<number> {
  let worst = 0;
  for (const seed of seeds) {
    const request: EmojiRequest = {
      model: config.name,
      seed,
      n: 1,
      words: [],
      unknown: [],
      steps: 10,
      sampler: "dpmpp-2m",
      eta: 0,
      guidance: 2,
      size: config.image.width,
      resample: "pixel",
      background: "ffffffff",
      format: "png",
    };
    const [ours, theirs] = await Promise.all(
      [engine, other].map(async ({ network }) => {
        const frames = await drawRequest(config, network, request);
        return finishPictures(frames.at(-1)!, request, config).rgba;
      }),
    );
    ours!.forEach((value, k) =>
      worst = Math.max(worst, Math.abs(value - theirs![k]!))
    );
  }
  return worst;
}
