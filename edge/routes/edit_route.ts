import type { ModelConfig } from "@emoji/diffusion/model-config";
import { emojiHeaders } from "../http/emoji_headers.ts";
import { serverTiming } from "./emoji_route.ts";
import { negotiate } from "../request/negotiate.ts";
import type { RequestParser } from "../request/parse_request.ts";
import { HttpProblem, invalidParameters } from "../http/problem.ts";
import type { Renderer } from "../render/renderer.ts";
import type { PictureDecoder } from "../edits/decode.ts";
import type { Edit } from "../edits/edit.ts";
import { type Fit, maskValues } from "../edits/fit.ts";
import {
  readEditForm,
  type Upload,
  type UploadLimits,
} from "../edits/read_form.ts";
import type { EmojiRequest } from "../request/request.ts";
import { STRENGTH } from "../edits/strength.ts";
import { UnreadablePicture } from "../edits/unreadable_picture.ts";

/** What {@linkcode editRoute} needs. */
export interface EditRouteOptions {
  /** Reads the form's fields as `/emoji` reads its query. */
  parse: RequestParser;
  /** Draws. */
  renderer: Renderer;
  /** Reads uploaded pictures. */
  decode: PictureDecoder;
  /** What an upload may hold, and how many forms may be read at the same time. */
  limits: UploadLimits & { readonly forms: number };
  /** Config of a model. */
  configOf: (model: string) => ModelConfig;
}

/** Parameters that have no meaning for an edit. */
const USELESS = ["n", "to", "t"];

/** Makes the route that draws from a picture of the client's: a multipart form with `image`, maybe `mask`, and fields as of `/emoji`. */
export function editRoute(
  { parse, renderer, decode, limits, configOf }: EditRouteOptions,
): (request: Request) => Promise<Response> {
  let reading = 0;

  /** Reads what a form asks for. */
  async function read(
    request: Request,
  ): Promise<{ emoji: EmojiRequest; edit: Edit }> {
    const { fields, image, mask } = await readEditForm(request, limits);
    const text = fields.get("strength");
    const given = text === null
      ? (mask === undefined ? 0.6 : 1)
      : STRENGTH.parse(text);
    const problems = [
      ...USELESS.filter((name) => fields.has(name)).map((parameter) => ({
        parameter,
        detail: "has no meaning for an edit",
        allowed: "nothing",
      })),
      ...(given === undefined || given === 0 ||
          fields.getAll("strength").length > 1
        ? [{
          parameter: "strength",
          detail: "must be one decimal number above 0, at most 1",
          allowed: "above 0, at most 1",
        }]
        : []),
    ];
    if (problems.length > 0) throw invalidParameters(problems);
    for (const name of [...USELESS, "strength"]) fields.delete(name);
    const { request: plain } = parse(
      fields,
      {},
      negotiate(request.headers.get("accept")),
    );
    const { width, height } = configOf(plain.model).image;
    const decoded = ({ bytes, type }: Upload, role: Fit["role"]) =>
      decode(bytes, type, { role, width, height }).catch((cause) => {
        if (!(cause instanceof UnreadablePicture)) throw cause;
        throw new HttpProblem(
          "unreadable-picture",
          `Cannot read ${role} as the file is broken`,
        );
      });
    return {
      emoji: { ...plain, edited: true },
      edit: {
        image: await decoded(image, "image"),
        ...(mask && { mask: maskValues(await decoded(mask, "mask")) }),
        strength: given!,
      },
    };
  }

  return async (request) => {
    if (reading >= limits.forms) {
      throw new HttpProblem(
        "overloaded",
        `Cannot read the form now as ${reading} others are being read`,
        { headers: { "retry-after": "1" } },
      );
    }
    reading++;
    const { emoji, edit } = await read(request).finally(() => reading--);
    const { bytes, timings } = await renderer.render(emoji, {
      signal: request.signal,
      edit,
    });
    return new Response(bytes, {
      headers: {
        ...emojiHeaders(emoji, {
          etag: "",
          random: true,
          negotiated: false,
          artifact: "",
        }),
        "server-timing": serverTiming(timings),
      },
    });
  };
}
