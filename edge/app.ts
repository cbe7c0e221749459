import type { ModelConfig } from "@emoji/diffusion/model-config";
import { Hono } from "hono";
import {
  accessCheck,
  type AccessOptions,
  withoutSignature,
} from "./guards/access.ts";
import { docsPage } from "./openapi/docs_page.ts";
import { OPEN_HEADERS } from "./http/emoji_headers.ts";
import type { PictureDecoder } from "./edits/decode.ts";
import { editRoute } from "./routes/edit_route.ts";
import { emojiRoute } from "./routes/emoji_route.ts";
import type { EngineClass } from "./engines/engine.ts";
import { artifactTag } from "./http/etag.ts";
import { DEFAULT_LIMITS, type Limits } from "./guards/limits.ts";
import { Metrics } from "./http/metrics.ts";
import { describeModel } from "./models/model_description.ts";
import { openApi } from "./openapi/openapi.ts";
import { requestParser } from "./request/parse_request.ts";
import { HttpProblem } from "./http/problem.ts";
import { promptReader } from "./prompts/prompt.ts";
import { queuedRenderer, type QueueOptions } from "./render/queued_renderer.ts";
import { RateLimiter, type RateLimiterOptions } from "./guards/rate_limiter.ts";
import type { Renderer } from "./render/renderer.ts";
import { knownFormat, shortPath } from "./routes/short_path.ts";
import { routeName } from "./routes/route_name.ts";
import { streamRoute } from "./routes/stream_route.ts";

/** A model that the app serves. */
export interface ServedModel {
  /** Its config. */
  readonly config: ModelConfig;
  /** The text that the config was read from. */
  readonly configText: string;
  /** What runs its network. */
  readonly engine: EngineClass;
}

/** A request that was answered, for the log. Holds neither seeds nor prompts. */
export interface LogEntry {
  /** HTTP method. */
  readonly method: string;
  /** Path pattern of the route, or "none". */
  readonly route: string;
  /** HTTP status. */
  readonly status: number;
  /** Milliseconds. */
  readonly ms: number;
}

/** What the app needs from outside; tests pass fakes. */
export interface AppOptions extends AccessOptions {
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
   * How many requests are drawn at once and how many may wait.
   * @default {{}}
   */
  queue?: QueueOptions;
  /**
   * How often a client may ask.
   * @default {undefined} as often as it likes
   */
  rate?: RateLimiterOptions | undefined;
  /**
   * Reads uploaded pictures, for `/emoji/edits`.
   * @default {undefined} there are no edits
   */
  decode?: PictureDecoder;
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
  /**
   * Called after every request.
   * @default {() => {}}
   */
  onRequest?: (entry: LogEntry) => void;
}

/** Answers HTTP requests. */
export interface App {
  /**
   * Answers one request; never rejects.
   *
   * @param request The request.
   * @param client Who asks, e.g. an address, for the limit of the rate.
   */
  fetch(request: Request, client?: string): Promise<Response>;
  /** Says at `/readyz` that no more requests should come, ahead of a shutdown. */
  drain(): void;
}

/** Builds the HTTP app. Loads and listens to nothing. */
export function createApp(options: AppOptions): App {
  const {
    models,
    cacheBytes = 32 * 2 ** 20,
    randomSeed = () => crypto.getRandomValues(new Uint32Array(1))[0]!,
    onError = console.error,
    onRequest = () => {},
  } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const renderer = queuedRenderer(options.renderer, options.queue);
  const limiter = options.rate && new RateLimiter(options.rate);
  const checkAccess = accessCheck(options);
  const artifacts = new Map(models.map(({ config, configText, engine }) => [
    config.name,
    artifactTag({ sha256: config.model.sha256, configText, engine }),
  ]));
  const parse = requestParser(
    new Map(models.map(({ config }) => [config.name, {
      config,
      readPrompt: promptReader(config.condition),
    }])),
    limits,
    randomSeed,
  );
  const metrics = new Metrics();
  const draw = emojiRoute({
    parse,
    renderer,
    metrics,
    artifactOf: (model) => artifacts.get(model)!,
    cacheBytes,
  });
  const stream = streamRoute({ parse, renderer, onError });
  const api = openApi({
    config: models[0]!.config,
    models: models.map(({ config }) => config.name),
    limits,
    edits: options.decode !== undefined,
  });
  for (const { config, engine } of models) {
    metrics.gauge(
      "emoji_model_info",
      "Models and what runs their networks",
      () => 1,
      { model: config.name, engine },
    );
  }
  metrics.gauge(
    "emoji_queue_waiting",
    "Requests that wait",
    () => renderer.waiting,
  );
  metrics.gauge(
    "emoji_queue_running",
    "Requests being drawn",
    () => renderer.running,
  );

  let state: "starting" | "ready" | "failed" | "draining" = "starting";
  options.renderer.ready.then(() => {
    if (state === "starting") state = "ready";
  }, () => state = "failed"); // the error comes again with every request

  /** Whether nobody has to be asked before a kept picture is shown. */
  const open = limiter === undefined && !options.tokens?.length &&
    !options.signingKeys?.length;
  const app = new Hono<{ Bindings: { client?: string } }>();
  app.use(async (c, next) => {
    if (c.req.url.length > limits.urlLength) {
      throw new HttpProblem(
        "uri-too-long",
        `Cannot read URL as it must have at most ${limits.urlLength} characters`,
      );
    }
    await next();
  });
  for (const drawing of ["/emoji/*", "/:file{emoji\\.[a-z]+}", "/s/*"]) {
    app.use(drawing, async (c, next) => {
      if (c.req.method === "OPTIONS") return await next();
      await checkAccess(c.req.raw);
      const headers = limiter?.take(c.env?.client ?? "");
      await next();
      for (const [name, value] of Object.entries(headers ?? {})) {
        c.header(name, value);
      }
    });
  }

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
  app.get(
    "/emoji/stream",
    (c) =>
      stream(
        c.req.raw,
        new URLSearchParams(withoutSignature(new URL(c.req.url).search)),
      ),
  );

  if (options.decode !== undefined) {
    const edit = editRoute({
      parse,
      renderer,
      decode: options.decode,
      limits: {
        bytes: limits.uploadBytes,
        pixels: limits.uploadPixels,
        ms: limits.uploadMs,
        forms: limits.uploads,
      },
      configOf: (model) =>
        models.find(({ config }) => config.name === model)!.config,
    });
    app.post("/emoji/edits", (c) => edit(c.req.raw));
  }

  app.get("/models", (c) => c.json(models.map(describeModel), 200, LIVELY));
  app.get("/models/:name", (c) => {
    const model = models.find(({ config }) =>
      config.name === c.req.param("name")
    );
    if (model === undefined) {
      throw new HttpProblem("not-found", "Cannot find a model of this name");
    }
    return c.json(describeModel(model), 200, LIVELY);
  });
  app.get("/openapi.json", (c) => c.json(api, 200, LIVELY));
  app.get(
    "/docs",
    (c) =>
      c.html(docsPage(api), 200, {
        "content-security-policy": "default-src 'none'; img-src data:",
      }),
  );
  app.get(
    "/metrics",
    (c) =>
      c.text(metrics.toText(), 200, {
        "content-type": "text/plain; version=0.0.4",
        "cache-control": "no-store",
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
  app.options(
    "*",
    () => new Response(null, { status: 204, headers: PREFLIGHT }),
  );

  app.notFound((c) => {
    const allowed = METHODS.filter((method) =>
      app.router.match(method, c.req.path)[0].some(([[, route]]) =>
        route.method !== "ALL"
      )
    );
    if (
      allowed.length > 0 && !allowed.some((method) => method === c.req.method)
    ) {
      const allow = [
        ...allowed,
        ...(allowed.includes("GET") ? ["HEAD"] : []),
        "OPTIONS",
      ].join(", ");
      return new HttpProblem(
        "method-not-allowed",
        `Cannot ${c.req.method} as only ${allow} are allowed`,
        {
          headers: { allow },
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
    return state === "failed"
      ? new HttpProblem(
        "not-ready",
        "Cannot draw as the model could not be loaded",
      ).toResponse()
      : new HttpProblem(
        "internal-error",
        "Cannot draw as something went wrong here",
      ).toResponse();
  });

  return {
    async fetch(request, client) {
      const started = performance.now();
      const response = (open ? draw.recall(request) : undefined) ??
        await app.fetch(request, client === undefined ? {} : { client });
      const ms = performance.now() - started;
      const method = COUNTED.has(request.method) ? request.method : "other";
      const route = routeName(request.url);
      const status = String(response.status);
      metrics.count("http_requests_total", "Requests by route and status", {
        method,
        route,
        status,
      });
      metrics.observe(
        "http_request_duration_seconds",
        "Time to the answer's headers",
        { route },
        ms / 1000,
      );
      onRequest({ method, route, status: response.status, ms });
      return unknownLength(request, response);
    },
    drain() {
      state = "draining";
    },
  };
}

/** Methods that some route has. */
const METHODS = ["GET", "POST"] as const;

/** Methods that the metrics know by name: clients may invent any number. */
const COUNTED = new Set(["GET", "HEAD", "POST", "OPTIONS"]);

/** Headers of what changes with a deployment. */
const LIVELY = {
  "cache-control": "public, max-age=60",
  "access-control-allow-origin": "*",
};

const PREFLIGHT = {
  ...OPEN_HEADERS,
  "access-control-allow-methods": "GET, HEAD, POST, OPTIONS",
  "access-control-allow-headers": "*",
  "access-control-max-age": "86400",
};

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
