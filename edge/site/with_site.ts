import type { App } from "../app.ts";
import { matchesEtag } from "../http/etag.ts";
import { pathOf } from "../http/path_of.ts";
import { methodNotAllowed } from "../http/problem.ts";
import { acceptsGzip } from "./accepts_gzip.ts";
import { type Site, type SiteFile, siteHeaders } from "./site.ts";

/** What files answer to; preflights are the app's. */
const METHODS = ["GET", "HEAD", "OPTIONS"];

/**
 * Serves files beside an app, which gets everything else. Files are neither counted nor logged.
 *
 * Text and WebAssembly are compressed when they are first asked for, and the outcome is kept.
 */
export function withSite(app: App, site: Site): App {
  const compressed = new Map<SiteFile, Promise<Uint8Array<ArrayBuffer>>>();

  function gzipped(file: SiteFile): Promise<Uint8Array<ArrayBuffer>> {
    let bytes = compressed.get(file);
    if (bytes === undefined) {
      bytes = file.read().then(gzip);
      compressed.set(file, bytes);
      bytes.catch(() => compressed.delete(file));
    }
    return bytes;
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
      const bytes = zip
        ? await gzipped(file)
        : method === "HEAD"
        ? undefined
        : await file.read();
      return new Response(method === "HEAD" ? null : bytes, {
        headers: {
          ...answer,
          "content-length": String(bytes?.length ?? file.size),
          ...(zip && { "content-encoding": "gzip" }),
        },
      });
    },
  };
}

async function gzip(
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream()
    .pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
