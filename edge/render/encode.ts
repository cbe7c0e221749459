import { encodeApng } from "@emoji/diffusion/apng";
import { encodeGif } from "@emoji/diffusion/gif";
import type { OwnPicture } from "@emoji/diffusion/image";
import { drawnShape, type ModelConfig } from "@emoji/diffusion/model-config";
import { encodePng } from "@emoji/diffusion/png";
import { encodeWebp } from "@emoji/diffusion/webp";
import type { EngineClass } from "../engines/engine.ts";
import { toBase64 } from "../http/base64.ts";
import { canonicalQuery } from "../request/canonical_query.ts";
import type { EmojiRequest } from "../request/request.ts";
import { traceSvg } from "../svg/trace.ts";

/** How long a frame on the way stays, and the last one. */
const FRAME_MS = 80;
const LAST_FRAME_MS = 1600;

/** How pictures were made, for formats that tell. */
export interface Making {
  /** What ran the network. */
  readonly engine: EngineClass;
  /** Milliseconds that it took so far, by part. */
  readonly timings: Readonly<Record<string, number>>;
}

/**
 * Writes a file in the format that `request` asks for.
 *
 * @param pictures One picture; more for animated formats, the finished one last.
 * @param request The request.
 * @param config The model's config.
 * @param making How they were made.
 */
export function encodePictures(
  pictures: readonly OwnPicture[],
  request: EmojiRequest,
  config: ModelConfig,
  making: Making,
): Uint8Array<ArrayBuffer> {
  const picture = pictures.at(-1)!;
  const path = request.edited ? "/emoji/edits" : "/emoji";
  const source = `${path}?${canonicalQuery(request)}`;
  const model = `${config.name} ${config.model.sha256.slice(0, 12)}`;
  const text = {
    Software: "emoji-diffusion",
    Source: source,
    Model: model,
    Copyright: config.license,
  };
  const frames = pictures.map((frame, index) => ({
    ...frame,
    ms: index === pictures.length - 1 ? LAST_FRAME_MS : FRAME_MS,
  }));
  switch (request.format) {
    case "png":
      return encodePng({ ...picture, text });
    case "webp":
      return encodeWebp({
        ...picture,
        exif: {
          description: source,
          software: `emoji-diffusion, ${model}`,
          copyright: config.license,
        },
      });
    case "gif":
      return encodeGif({
        frames,
        comment: `${source} ${model}, ${config.license}`,
      });
    case "apng":
      return encodeApng({ frames, text });
    case "svg": {
      const drawn = drawnShape(config);
      return new TextEncoder().encode(
        traceSvg(picture, {
          width: picture.width * request.size / drawn.width,
          height: picture.height * request.size / drawn.height,
          background: request.background,
          title: source,
          license: config.license,
        }),
      );
    }
    case "json":
      return new TextEncoder().encode(
        JSON.stringify(toJson(picture, request, config, making)),
      );
  }
}

function toJson(
  picture: OwnPicture,
  request: EmojiRequest,
  config: ModelConfig,
  making: Making,
): Record<string, unknown> {
  const { unknown, edited, ...parameters } = request;
  const asPng: EmojiRequest = { ...request, format: "png" };
  const png = encodePictures([picture], asPng, config, making);
  return {
    image: `data:image/png;base64,${toBase64(png)}`,
    width: picture.width,
    height: picture.height,
    parameters,
    unknownWords: unknown,
    // No URL draws from a picture of the client's.
    ...(!edited && { url: `/emoji?${canonicalQuery(asPng)}` }),
    model: {
      name: config.name,
      sha256: config.model.sha256,
      license: config.license,
    },
    ...making,
  };
}
