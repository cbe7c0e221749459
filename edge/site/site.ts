import type { Slices } from "./slices.ts";

/** A file that is served as it is. */
export interface SiteFile extends Slices {
  /** Media type. */
  readonly type: string;
  /** Equal for equal bytes, without quotes. */
  readonly tag: string;
  /** Whether its path changes when its bytes do, so that it may be kept for ever. */
  readonly immutable: boolean;
  /** Whether gzip makes it smaller. */
  readonly compressible: boolean;
}

/** Files by the path of their URL. */
export type Site = ReadonlyMap<string, SiteFile>;

/** Media types by file name extension. */
const TYPES: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  json: "application/json",
  onnx: "application/octet-stream",
  svg: "image/svg+xml",
  wasm: "application/wasm",
  webmanifest: "application/manifest+json",
};

/** The media type of a file; bytes where the name does not tell. */
export function mediaType(name: string): string {
  return TYPES[name.slice(name.lastIndexOf(".") + 1)] ??
    "application/octet-stream";
}

/** Headers of a file, on every host. */
export function siteHeaders(
  { type, immutable }: Pick<SiteFile, "type" | "immutable">,
): Record<string, string> {
  return {
    "content-type": type,
    "cache-control": immutable
      ? "public, max-age=31536000, immutable"
      : "public, max-age=0, must-revalidate",
    "x-content-type-options": "nosniff",
    ...(type.startsWith("text/html") ? PAGE_HEADERS : OPEN_HEADERS),
  };
}

/** Other sites may use everything but the page: the library needs its worker, onnxruntime and the model. */
const OPEN_HEADERS = {
  "access-control-allow-origin": "*",
  "cross-origin-resource-policy": "cross-origin",
};

/** The page runs nothing that did not come from its own server, and cannot be framed. */
const PAGE_HEADERS = {
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob: data:",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "cross-origin-opener-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
  "referrer-policy": "no-referrer",
};
