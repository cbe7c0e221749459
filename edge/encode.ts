import type { OwnPicture } from "@emoji/diffusion/image";
import type { ModelConfig } from "@emoji/diffusion/model-config";
import { encodePng } from "@emoji/diffusion/png";
import { canonicalQuery } from "./canonical_query.ts";
import type { EmojiRequest } from "./request.ts";

/**
 * Writes a file in the format that `request` asks for.
 *
 * @param frames One picture; more for animated formats, the finished one last.
 * @param request The request.
 * @param config The model's config.
 */
export function encodePictures(
  frames: readonly OwnPicture[],
  request: EmojiRequest,
  config: ModelConfig,
): Uint8Array<ArrayBuffer> {
  const picture = frames.at(-1)!;
  switch (request.format) {
    case "png":
      return encodePng({ ...picture, text: describe(request, config) });
    case "json":
      return new TextEncoder().encode(
        JSON.stringify(toJson(picture, request, config)),
      );
  }
}

/** What a saved picture needs to be drawn again. */
function describe(
  request: EmojiRequest,
  config: ModelConfig,
): Record<string, string> {
  return {
    Software: "emoji-diffusion",
    Source: `/emoji?${canonicalQuery(request)}`,
    Model: `${config.name} ${config.model.sha256.slice(0, 12)}`,
    Copyright: config.license,
  };
}

function toJson(
  picture: OwnPicture,
  request: EmojiRequest,
  config: ModelConfig,
): Record<string, unknown> {
  const { unknown, ...parameters } = request;
  const asPng: EmojiRequest = { ...request, format: "png" };
  const png = encodePng({ ...picture, text: describe(asPng, config) });
  return {
    image: `data:image/png;base64,${png.toBase64()}`,
    width: picture.width,
    height: picture.height,
    parameters,
    unknownWords: unknown,
    url: `/emoji?${canonicalQuery(asPng)}`,
    model: {
      name: config.name,
      sha256: config.model.sha256,
      license: config.license,
    },
  };
}
