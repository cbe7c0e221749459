import { ByteCache } from "../http/byte_cache.ts";
import { emojiHeaders } from "../http/emoji_headers.ts";
import { etagOf, matchesEtag } from "../http/etag.ts";
import { Flights } from "./flights.ts";
import { withoutSignature } from "../guards/access.ts";
import { DEFAULT_FORMAT } from "../request/formats.ts";
import type { Metrics } from "../http/metrics.ts";
import { negotiate } from "../request/negotiate.ts";
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
  /** Counts what is kept and what is not. */
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

/** A query that was read. */
interface Read {
  readonly emoji: EmojiRequest;
  readonly etag: string;
  /** Whether the seed was chosen here, so that the answer may not be kept. */
  readonly random: boolean;
  /** Whether the Accept header chose the format, so that only this client may keep the answer. */
  readonly negotiated: boolean;
}

/** A query that was answered. */
interface Known extends Read {
  readonly headers: Headers;
  /** Headers of an answer without content, once there was one. */
  bare?: Headers;
}

/** Queries to remember, and the longest URL of one. */
const MEMORY = 4096;
const MEMORABLE_LENGTH = 1024;

/** Makes the route that draws: parse, ETag, cache, and only then the network. */
export function emojiRoute(
  { parse, renderer, metrics, artifactOf, cacheBytes }: EmojiRouteOptions,
): EmojiRoute {
  const cache = new ByteCache(cacheBytes);
  const flights = new Flights<
    { bytes: Uint8Array<ArrayBuffer>; timings: Timings }
  >();
  const known = new Map<string, Known>();

  async function read(
    request: Request,
    path: PathParameters,
  ): Promise<Read> {
    const { request: emoji, random, negotiated } = parse(
      new URLSearchParams(withoutSignature(new URL(request.url).search)),
      path,
      negotiate(request.headers.get("accept")),
    );
    const etag = await etagOf(artifactOf(emoji.model), emoji);
    return { emoji, etag, random, negotiated };
  }

  /** Remembers a query that has an answer; refused ones cost no headers and push nothing out. */
  function remember(key: string, query: Read): Known {
    const { emoji } = query;
    const artifact = artifactOf(emoji.model);
    const headers = new Headers(emojiHeaders(emoji, { ...query, artifact }));
    const entry: Known = { ...query, headers };
    if (!query.random && key.length <= MEMORABLE_LENGTH) {
      if (known.size >= MEMORY) known.clear();
      known.set(key, entry);
    }
    return entry;
  }

  /** Whether a query can be answered with nothing drawn: 304, what HEAD wants to know, or a kept picture. */
  function isLight(request: Request, { etag, random }: Read): boolean {
    return request.method === "HEAD" || !random &&
        (cache.has(etag) ||
          matchesEtag(request.headers.get("if-none-match"), etag));
  }

  /** The answer to a light query. */
  function light(request: Request, entry: Known): Response {
    const { etag, random, headers } = entry;
    if (
      !random && matchesEtag(request.headers.get("if-none-match"), etag)
    ) {
      entry.bare ??= withoutContent(headers);
      return new Response(null, { status: 304, headers: entry.bare });
    }
    const cached = random ? undefined : cache.get(etag);
    if (request.method === "HEAD") {
      const response = new Response(null, { headers });
      if (cached !== undefined) {
        response.headers.set("content-length", String(cached.length));
      }
      return response;
    }
    metrics.count("emoji_cache_total", CACHE_HELP, { result: "hit" });
    return new Response(cached, { headers });
  }

  return {
    recall(request) {
      const { method } = request;
      if (method !== "GET" && method !== "HEAD") return undefined;
      const entry = known.get(keyOf(request));
      return entry && isLight(request, entry)
        ? light(request, entry)
        : undefined;
    },
    async answer(request, path = {}) {
      const key = keyOf(request);
      const query = known.get(key) ?? await read(request, path);
      if (isLight(request, query)) {
        return light(request, known.get(key) ?? remember(key, query));
      }
      const { emoji, etag, random } = query;
      metrics.count("emoji_cache_total", CACHE_HELP, { result: "miss" });
      const { bytes, timings } = await flights.join(
        etag,
        (signal) => renderer.render(emoji, { signal }),
        request.signal,
      );
      if (!random) cache.set(etag, bytes);
      const { headers } = known.get(key) ?? remember(key, query);
      const response = new Response(bytes, { headers });
      response.headers.set("server-timing", serverTiming(timings));
      return response;
    },
  };
}

/** The URL, and what the Accept header makes of it where that is not what everybody gets. */
function keyOf({ url, headers }: Request): string {
  const format = negotiate(headers.get("accept"));
  return format === DEFAULT_FORMAT ? url : `${format} ${url}`;
}

function withoutContent(headers: Headers): Headers {
  const bare = new Headers(headers);
  bare.delete("content-type");
  bare.delete("content-disposition");
  return bare;
}

const CACHE_HELP = "Pictures by where they came from";

/** What a rendering took, as a header. */
export function serverTiming(timings: Timings): string {
  return Object.entries(timings).map(([name, ms]) =>
    `${name};dur=${ms.toFixed(1)}`
  ).join(", ");
}
