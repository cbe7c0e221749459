import type { ModelConfig } from "@emoji/diffusion/model-config";
import { Hono } from "hono";
import { OPEN_HEADERS } from "./emoji_headers.ts";
import { emojiRoute } from "./emoji_route.ts";
import type { EngineClass } from "./engines/engine.ts";
import { artifactTag } from "./etag.ts";
import { FORMAT_NAMES } from "./formats.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";
import { type PathParameters, requestParser } from "./parse_request.ts";
import { HttpProblem } from "./problem.ts";
import { wordReader } from "./prompt.ts";
import type { Renderer } from "./renderer.ts";

/** A model that the app serves. */
export interface ServedModel {
  /** Its config. */
  readonly config: ModelConfig;
  /** The text that the config was read from. */
  readonly configText: string;
  /** What runs its network. */
  readonly engine: EngineClass;
}

/** What the app needs from outside; tests pass fakes. */
export interface AppOptions {
  /** The models, the default one first; at least one. */
  models: readonly ServedModel[];
  /** Draws. */
  renderer: Renderer;
  /**
   * What one request may ask for.
   * @default {DEFAULT_LIMITS}
   */
  limits?: Partial<Limits>;
  /**
   * Most bytes of finished pictures to keep in memory.
   * @default {32 MiB}
   */
  cacheBytes?: number;
  /**
   * Chooses a seed for requests without one.
   * @default {32 random bits}
   */
  randomSeed?: () => number;
  /**
   * Called with errors that are nobody's fault but ours.
   * @default {console.error}
   */
  onError?: (error: unknown) => void;
}

/** Answers HTTP requests. */
export interface App {
  /** Answers one request; never rejects. */
  fetch(request: Request): Promise<Response>;
}

/** Builds the HTTP app. Loads and listens to nothing. */
export function createApp(options: AppOptions): App {
  const {
    models,
    renderer,
    cacheBytes = 32 * 2 ** 20,
    randomSeed = () => crypto.getRandomValues(new Uint32Array(1))[0]!,
    onError = console.error,
  } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const artifacts = new Map(models.map(({ config, configText, engine }) => [
    config.name,
    artifactTag({ sha256: config.model.sha256, configText, engine }),
  ]));
  const readers = new Map(models.map(({ config }) => [
    config.name,
    { config, readPrompt: wordReader(config.condition?.word?.values ?? []) },
  ]));
  const draw = emojiRoute({
    parse: requestParser(readers, limits, randomSeed),
    renderer,
    artifactOf: (model) => artifacts.get(model)!,
    cacheBytes,
  });
  let state: "starting" | "ready" | "failed" = "starting";
  renderer.ready.then(() => state = "ready", (error) => {
    state = "failed";
    onError(error);
  });

  const app = new Hono();
  app.use(async (c, next) => {
    if (c.req.url.length > limits.urlLength) {
      throw new HttpProblem(
        "uri-too-long",
        `Cannot read URL as it must have at most ${limits.urlLength} characters`,
      );
    }
    await next();
  });
  const short = ":name{[^/]+\\.[a-z]+}";
  app.get("/emoji", (c) => draw(c.req.raw));
  app.get(
    "/:file{emoji\\.[a-z]+}",
    (c) =>
      draw(c.req.raw, { format: knownFormat(c.req.param("file").slice(6)) }),
  );
  app.get(
    `/s/${short}`,
    (c) => draw(c.req.raw, shortPath(c.req.param("name"))),
  );
  app.get(
    `/s/:style/${short}`,
    (c) =>
      draw(c.req.raw, {
        ...shortPath(c.req.param("name")),
        style: c.req.param("style"),
      }),
  );
  app.get(
    "/healthz",
    (c) => c.text("ok", 200, { "cache-control": "no-store" }),
  );
  app.get(
    "/readyz",
    (c) =>
      c.text(state, state === "ready" ? 200 : 503, {
        "cache-control": "no-store",
      }),
  );
  app.options("*", () =>
    new Response(null, {
      status: 204,
      headers: {
        ...OPEN_HEADERS,
        "access-control-allow-methods": "GET, HEAD, OPTIONS",
        "access-control-allow-headers": "*",
        "access-control-max-age": "86400",
      },
    }));

  app.notFound((c) => {
    const other = app.router.match("GET", c.req.path)[0].some(([[, route]]) =>
      route.path !== "/*"
    );
    if (other && c.req.method !== "GET" && c.req.method !== "HEAD") {
      return new HttpProblem(
        "method-not-allowed",
        `Cannot ${c.req.method} as only GET and HEAD are allowed`,
        {
          headers: { allow: "GET, HEAD, OPTIONS" },
        },
      ).toResponse();
    }
    return new HttpProblem(
      "not-found",
      `Cannot find ${c.req.path.slice(0, 80)}`,
    ).toResponse();
  });
  app.onError((error, c) => {
    if (error instanceof HttpProblem) return error.toResponse();
    if (c.req.raw.signal.aborted) return new Response(null, { status: 499 });
    onError(error);
    if (state === "failed") {
      return new HttpProblem(
        "not-ready",
        "Cannot draw as the model could not be loaded",
      ).toResponse();
    }
    return new HttpProblem(
      "internal-error",
      "Cannot draw as something went wrong here",
    ).toResponse();
  });
  return {
    fetch: async (request) => unknownLength(request, await app.fetch(request)),
  };
}

/** Hosts take the empty body of an answer to HEAD for its length, and say 0; a stream has none. */
function unknownLength(request: Request, response: Response): Response {
  if (request.method !== "HEAD" || response.headers.has("content-length")) {
    return response;
  }
  return new Response(
    new ReadableStream({ start: (controller) => controller.close() }),
    response,
  );
}

/** Splits `seed.format`. */
function shortPath(name: string): PathParameters {
  const dot = name.lastIndexOf(".");
  return { seed: name.slice(0, dot), format: knownFormat(name.slice(dot + 1)) };
}

/** A path with an extension that no format has is no path of ours. */
function knownFormat(extension: string): string {
  if (FORMAT_NAMES.some((name) => name === extension)) return extension;
  throw new HttpProblem(
    "not-found",
    `Cannot answer with .${extension} as the extension must be one of ${
      FORMAT_NAMES.join(", ")
    }`,
  );
}
