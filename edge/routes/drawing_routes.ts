import type { ModelConfig } from "@emoji/diffusion/model-config";
import type { AppOptions } from "../app_options.ts";
import { withoutSignature } from "../guards/access.ts";
import type { Limits } from "../guards/limits.ts";
import { invalidParameters } from "../http/problem.ts";
import type { RequestParser } from "../request/parse_request.ts";
import type { Renderer } from "../render/renderer.ts";
import { editRoute } from "./edit_route.ts";
import type { EmojiRoute } from "./emoji_route.ts";
import type { Routes } from "./routes.ts";
import { knownFormat, shortPath } from "./short_path.ts";
import { streamRoute } from "./stream_route.ts";

/** What routes that draw work with. */
export interface DrawingParts extends Pick<AppOptions, "models" | "decode"> {
  /** Answers with finished pictures. */
  draw: EmojiRoute;
  /** Reads what is asked for. */
  parse: RequestParser;
  /** Draws. */
  renderer: Renderer;
  /** What one request may ask for. */
  limits: Limits;
  /** Called with errors that are nobody's fault but ours. */
  onError: (error: unknown) => void;
}

/** Adds the routes that draw. */
export function drawingRoutes(
  app: Routes,
  { models, decode, draw, parse, renderer, limits, onError }: DrawingParts,
): void {
  app.get("/emoji", (c) => draw.answer(c.req.raw));
  app.get(
    "/:file{emoji\\.[a-z]+}",
    (c) =>
      draw.answer(c.req.raw, {
        format: knownFormat(c.req.param("file").slice(6)),
      }),
  );
  app.get(
    "/s/:name{[^/]+\\.[a-z]+}",
    (c) => draw.answer(c.req.raw, shortPath(c.req.param("name"))),
  );
  app.get(
    "/s/:style/:name{[^/]+\\.[a-z]+}",
    (c) =>
      draw.answer(c.req.raw, {
        ...shortPath(c.req.param("name")),
        style: c.req.param("style"),
      }),
  );

  const stream = streamRoute({ parse, renderer, onError });
  app.get(
    "/emoji/stream",
    (c) =>
      stream(
        c.req.raw,
        new URLSearchParams(withoutSignature(new URL(c.req.url).search)),
      ),
  );

  if (decode === undefined) return;
  const edit = editRoute({
    parse,
    renderer,
    decode,
    limits: {
      bytes: limits.uploadBytes,
      pixels: limits.uploadPixels,
      ms: limits.uploadMs,
      forms: limits.uploads,
    },
    configOf: (model): ModelConfig =>
      models.find(({ config }) => config.name === model)!.config,
  });
  app.post("/emoji/edits", (c) => {
    refuseQuery(new URL(c.req.url).search);
    return edit(c.req.raw);
  });
}

/** Refuses what would be ignored: parameters of an edit are fields of its form. */
function refuseQuery(search: string): void {
  const query = new URLSearchParams(withoutSignature(search));
  if (query.size === 0) return;
  throw invalidParameters([...query.keys()].map((name) => ({
    parameter: name.slice(0, 64),
    detail: "belongs in the form",
    allowed: "nothing but sig",
  })));
}
