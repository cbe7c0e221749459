import type { App } from "../app.ts";
import { matchesEtag } from "../http/etag.ts";
import { pathOf } from "../http/path_of.ts";
import { methodNotAllowed } from "../http/problem.ts";
import { acceptsGzip } from "./accepts_gzip.ts";
import { type Site, type SiteFile, siteHeaders } from "./site.ts";
import { slicedBody, type Slices, slicesOf } from "./slices.ts";

/** Content of an answer. */
type Body = ReadableStream<Uint8Array<ArrayBuffer>>;

/** What files answer to; preflights are the app's. */
const METHODS = ["GET", "HEAD", "OPTIONS"];

/**
 * Serves files beside an app, which gets everything else. Files are neither counted nor logged.
 *
 * Text and WebAssembly are compressed when they are first asked for, and the outcome is kept.
 */
export function withSite(app: App, site: Site): App {
  const compressed = new Map<SiteFile, Promise<Slices>>();

  function gzipped(file: SiteFile): Promise<Slices> {
    let slices = compressed.get(file);
    if (slices === undefined) {
      slices = gzip(file);
      compressed.set(file, slices);
      slices.catch(() => compressed.delete(file));
    }
    return slices;
  }

  return {
    drain: () => app.drain(),
    async fetch(request, client) {
      const { method } = request;
      const file = site.get(pathOf(request.url));
      if (file === undefined || method === "OPTIONS") {
        return await app.fetch(request, client);
      }
      if (!METHODS.includes(method)) {
        return methodNotAllowed(method, METHODS).toResponse();
      }
      const { headers } = request;
      const zip = file.compressible &&
        acceptsGzip(headers.get("accept-encoding") ?? "");
      const etag = `"${file.tag}${zip ? "-gzip" : ""}"`;
      const answer = {
        ...siteHeaders(file),
        etag,
        ...(file.compressible && { vary: "accept-encoding" }),
      };
      if (matchesEtag(headers.get("if-none-match"), etag)) {
        return new Response(null, { status: 304, headers: answer });
      }
      const slices = zip ? await gzipped(file) : file;
      const body = method === "HEAD"
        ? null
        : withLength(await slicedBody(slices), slices.size);
      return new Response(body, {
        headers: {
          ...answer,
          "content-length": String(slices.size),
          ...(zip && { "content-encoding": "gzip" }),
        },
        ...(zip && { encodeBody: "manual" }), // or Workers would compress once more
      });
    },
  };
}

/** Says how long a body is where a header does not suffice: Workers leave that out unless the stream is of their own kind. */
function withLength(body: Body, size: number): Body {
  const { FixedLengthStream } = globalThis as {
    FixedLengthStream?: new (size: number) => ReadableWritablePair;
  };
  return FixedLengthStream === undefined
    ? body
    : body.pipeThrough(new FixedLengthStream(size));
}

async function gzip(file: SiteFile): Promise<Slices> {
  const stream = (await slicedBody(file))
    .pipeThrough(new CompressionStream("gzip"));
  return slicesOf(new Uint8Array(await new Response(stream).arrayBuffer()));
}
