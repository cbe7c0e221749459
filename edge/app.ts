import { Hono } from "hono";
import type { AppOptions } from "./app_options.ts";
import { guardDrawing } from "./guards/guard_drawing.ts";
import { DEFAULT_LIMITS } from "./guards/limits.ts";
import { RateLimiter } from "./guards/rate_limiter.ts";
import { artifactTag } from "./http/etag.ts";
import { Metrics } from "./http/metrics.ts";
import { followReadiness } from "./http/readiness.ts";
import { countRequest } from "./http/request_metrics.ts";
import { openApi } from "./openapi/openapi.ts";
import { promptReader } from "./prompts/prompt.ts";
import { countedRenderer } from "./render/counted_renderer.ts";
import {
  type QueuedRenderer,
  queuedRenderer,
} from "./render/queued_renderer.ts";
import { requestParser } from "./request/parse_request.ts";
import { drawingRoutes } from "./routes/drawing_routes.ts";
import { emojiRoute } from "./routes/emoji_route.ts";
import { informationRoutes } from "./routes/information_routes.ts";
import { refusals } from "./routes/refusals.ts";
import type { Routes } from "./routes/routes.ts";

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
    decode,
    cacheBytes = 32 * 2 ** 20,
    randomSeed = () => crypto.getRandomValues(new Uint32Array(1))[0]!,
    onError = console.error,
    onRequest = () => {},
  } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const queue = queuedRenderer(options.renderer, options.queue);
  const limiter = options.rate && new RateLimiter(options.rate);
  const readiness = followReadiness(options.renderer);
  const metrics = appMetrics(options, queue);
  const renderer = countedRenderer(queue, metrics);
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
  const draw = emojiRoute({
    parse,
    renderer,
    metrics,
    artifactOf: (model) => artifacts.get(model)!,
    cacheBytes,
  });
  const api = openApi({
    config: models[0]!.config,
    models: models.map(({ config }) => config.name),
    limits,
    edits: decode !== undefined,
  });

  const app: Routes = new Hono();
  const { urlLength } = limits;
  guardDrawing(app, { access: options, limiter, urlLength });
  drawingRoutes(app, {
    models,
    ...(decode && { decode }),
    draw,
    parse,
    renderer,
    limits,
    onError,
  });
  informationRoutes(app, { models, api, metrics, readiness });
  refusals(app, { readiness, onError });

  /** Whether nobody has to be asked before a kept picture is shown. */
  const open = limiter === undefined && !options.tokens?.length &&
    !options.signingKeys?.length;
  return {
    async fetch(request, client) {
      const started = performance.now();
      const response = (open ? draw.recall(request) : undefined) ??
        await app.fetch(request, client === undefined ? {} : { client });
      const ms = performance.now() - started;
      onRequest(countRequest(metrics, request, response, ms));
      return unknownLength(request, response);
    },
    drain: () => readiness.drain(),
  };
}

/** Metrics that tell of the models and the queue. */
function appMetrics(
  { models }: Pick<AppOptions, "models">,
  queue: QueuedRenderer,
): Metrics {
  const metrics = new Metrics();
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
    () => queue.waiting,
  );
  metrics.gauge(
    "emoji_queue_running",
    "Requests being drawn",
    () => queue.running,
  );
  return metrics;
}

/** Statuses of answers that may not even have an empty body (Fetch, "null body status"). */
const BODILESS = [101, 103, 204, 205, 304];

/** Hosts take the empty body of an answer to HEAD for its length, and say 0; a stream has none. */
function unknownLength(request: Request, response: Response): Response {
  const { status, headers } = response;
  if (
    request.method !== "HEAD" || headers.has("content-length") ||
    BODILESS.includes(status)
  ) return response;
  return new Response(
    new ReadableStream({ start: (controller) => controller.close() }),
    response,
  );
}
