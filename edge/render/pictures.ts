import {
  compose,
  type OwnPicture,
  planesToPicture,
  tile,
} from "@emoji/diffusion/image";
import { type ModelConfig, shapeOf } from "@emoji/diffusion/model-config";
import { alphaSnap } from "@emoji/diffusion/model-sampler";
import { resizePixel, resizeSmooth } from "@emoji/diffusion/resize";
import type { EmojiRequest } from "../request/request.ts";

/** What {@linkcode finishPictures} looks at. */
export type Finish = Pick<
  EmojiRequest,
  "size" | "resample" | "background" | "steps"
>;

/**
 * Makes one picture of the planes of one or more: scaled, laid out in a sheet, on a background.
 *
 * @param planes Planes of each picture, `[channels, height, width]`.
 * @param finish Size, way of scaling, background; how many steps the pictures have taken.
 * @param config The model's config.
 */
export function finishPictures(
  planes: readonly Float32Array[],
  { steps, size, resample, background }: Finish,
  config: ModelConfig,
): OwnPicture {
  const options = { alphaSnap: alphaSnap(config, steps) };
  const scaled = planes.map((values) => {
    const shape = shapeOf(config, values);
    const picture = planesToPicture(values, shape, options);
    if (size === shape.width && size === shape.height) return picture;
    const resize = resample === "pixel" ? resizePixel : resizeSmooth;
    return resize(picture, size, size);
  });
  const sheet = scaled.length === 1 ? scaled[0]! : tile(scaled);
  return background === undefined ? sheet : compose(sheet, colour(background));
}

/** RRGGBBAA to bytes. */
function colour(text: string): [number, number, number, number] {
  const value = parseInt(text, 16);
  return [
    value >>> 24,
    (value >>> 16) & 255,
    (value >>> 8) & 255,
    value & 255,
  ];
}
