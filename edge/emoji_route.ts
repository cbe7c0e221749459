import { ByteCache } from "./byte_cache.ts";
import { emojiHeaders } from "./emoji_headers.ts";
import { etagOf, matchesEtag } from "./etag.ts";
import { Flights } from "./flights.ts";
import { withoutSignature } from "./access.ts";
import type { Metrics } from "./metrics.ts";
import type { PathParameters, RequestParser } from "./parse_request.ts";
import type { Renderer, Timings } from "./renderer.ts";
import type { EmojiRequest } from "./request.ts";

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
export type EmojiRoute = (
  request: Request,
  path?: PathParameters,
) => Promise<Response>;

/** A query that was read before. */
interface Known {
  readonly emoji: EmojiRequest;
  readonly etag: string;
  readonly headers: Record<string, string>;
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
    const headers = emojiHeaders(emoji, { etag, random, artifact });
    const entry = { emoji, etag, headers };
    if (!random) {
      if (known.size >= MEMORY) known.clear();
      known.set(url, entry);
    }
    return entry;
  }

  return async (request, path = {}) => {
    const { emoji, etag, headers } = read(request.url, path);
    const kept = "etag" in headers;
    if (kept && matchesEtag(request.headers.get("if-none-match"), etag)) {
      const { "content-type": _, "content-disposition": __, ...rest } = headers;
      return new Response(null, { status: 304, headers: rest });
    }
    const cached = kept ? cache.get(etag) : undefined;
    if (request.method === "HEAD") {
      return new Response(null, {
        headers: cached === undefined
          ? headers
          : { ...headers, "content-length": String(cached.length) },
      });
    }
    metrics.count("emoji_cache_total", "Pictures by where they came from", {
      result: cached === undefined ? "miss" : "hit",
    });
    if (cached !== undefined) {
      return new Response(cached, {
        headers: { ...headers, "x-cache": "hit" },
      });
    }
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
    return new Response(bytes, {
      headers: {
        ...headers,
        "x-cache": "miss",
        "server-timing": serverTiming(timings),
      },
    });
  };
}

/** What a rendering took, as a header. */
export function serverTiming(timings: Timings): string {
  return Object.entries(timings).map(([name, ms]) =>
    `${name};dur=${ms.toFixed(1)}`
  ).join(", ");
}
