import { ByteCache } from "../http/byte_cache.ts";
import { emojiHeaders } from "../http/emoji_headers.ts";
import { etagOf, matchesEtag } from "../http/etag.ts";
import { Flights } from "./flights.ts";
import { withoutSignature } from "../guards/access.ts";
import type { Metrics } from "../http/metrics.ts";
import type {
  PathParameters,
  RequestParser,
} from "../request/parse_request.ts";
import type { Renderer, Timings } from "../render/renderer.ts";
import type { EmojiRequest } from "../request/request.ts";

/** What {@linkcode emojiRoute} needs. */
export interface EmojiRouteOptions {
  /** Reads queries. */
  parse: RequestParser;
  /** Draws. */
  renderer: Renderer;
  /** Counts what is kept and what is drawn. */
  metrics: Metrics;
  /** Names what the pictures of a model depend on beside the request. */
  artifactOf: (model: string) => string;
  /** Most bytes of finished pictures to keep. */
  cacheBytes: number;
}

/** Answers GET and HEAD of `/emoji` and its short forms. */
export interface EmojiRoute {
  /** Answers a request, drawing if need be. */
  answer(request: Request, path?: PathParameters): Promise<Response>;
  /** Answers a request that was answered before and needs nothing drawn. */
  recall(request: Request): Response | undefined;
}

/** A query that was read before. */
interface Known {
  readonly emoji: EmojiRequest;
  readonly etag: string;
  /** Whether the answer may be kept. */
  readonly kept: boolean;
  readonly headers: Headers;
  /** Headers of an answer without content. */
  readonly bare: Headers;
}

/** Queries to remember. */
const MEMORY = 4096;

/** Makes the route that draws: parse, ETag, cache, and only then the network. */
export function emojiRoute(
  { parse, renderer, metrics, artifactOf, cacheBytes }: EmojiRouteOptions,
): EmojiRoute {
  const cache = new ByteCache(cacheBytes);
  const flights = new Flights<
    { bytes: Uint8Array<ArrayBuffer>; timings: Timings }
  >();
  const known = new Map<string, Known>();

  function read(url: string, path: PathParameters): Known {
    const before = known.get(url);
    if (before !== undefined) return before;
    const { request: emoji, random } = parse(
      new URLSearchParams(withoutSignature(new URL(url).search)),
      path,
    );
    const artifact = artifactOf(emoji.model);
    const etag = etagOf(artifact, emoji);
    const headers = new Headers(
      emojiHeaders(emoji, { etag, random, artifact }),
    );
    const bare = new Headers(headers);
    bare.delete("content-type");
    bare.delete("content-disposition");
    const entry = { emoji, etag, kept: !random, headers, bare };
    if (!random) {
      if (known.size >= MEMORY) known.clear();
      known.set(url, entry);
    }
    return entry;
  }

  /** An answer that needs nothing drawn: 304, what HEAD wants to know, or a kept picture. */
  function light(
    request: Request,
    { kept, etag, headers, bare }: Known,
  ): Response | undefined {
    if (kept && matchesEtag(request.headers.get("if-none-match"), etag)) {
      return new Response(null, { status: 304, headers: bare });
    }
    const cached = kept ? cache.get(etag) : undefined;
    if (request.method === "HEAD") {
      const response = new Response(null, { headers });
      if (cached !== undefined) {
        response.headers.set("content-length", String(cached.length));
      }
      return response;
    }
    if (cached === undefined) return undefined;
    metrics.count("emoji_cache_total", CACHE_HELP, { result: "hit" });
    return new Response(cached, { headers });
  }

  return {
    recall(request) {
      const entry = known.get(request.url);
      return entry && light(request, entry);
    },
    async answer(request, path = {}) {
      const entry = read(request.url, path);
      const quick = light(request, entry);
      if (quick !== undefined) return quick;
      const { emoji, etag, kept, headers } = entry;
      metrics.count("emoji_cache_total", CACHE_HELP, { result: "miss" });
      const { bytes, timings } = await flights.join(
        etag,
        (signal) => renderer.render(emoji, { signal }),
        request.signal,
      );
      if (kept) cache.set(etag, bytes);
      metrics.count("emoji_pictures_total", "Pictures drawn", {}, emoji.n);
      metrics.count(
        "emoji_network_seconds_total",
        "Seconds in the network",
        {},
        timings.network / 1000,
      );
      const response = new Response(bytes, { headers });
      response.headers.set("server-timing", serverTiming(timings));
      return response;
    },
  };
}

const CACHE_HELP = "Pictures by where they came from";

/** What a rendering took, as a header. */
export function serverTiming(timings: Timings): string {
  return Object.entries(timings).map(([name, ms]) =>
    `${name};dur=${ms.toFixed(1)}`
  ).join(", ");
}
