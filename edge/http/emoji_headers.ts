import { FORMATS } from "../request/formats.ts";
import type { EmojiRequest } from "../request/request.ts";
import { OPEN_HEADERS } from "./open_headers.ts";

/** A year, the longest that caches keep anything. */
const FOREVER = "public, max-age=31536000, immutable";
const PRIVATELY_FOREVER = FOREVER.replace("public", "private");

/** What {@linkcode emojiHeaders} says of an answer. */
export interface EmojiHeadersOptions {
  /** Its ETag. */
  etag: string;
  /** Whether its seed was chosen at random, so that nobody may keep it. */
  random: boolean;
  /** Whether its Accept header chose the format. */
  negotiated: boolean;
  /** Name of everything a picture depends on beside the request. */
  artifact: string;
}

/** Headers of a request's answer, known before the picture is drawn. */
export function emojiHeaders(
  request: EmojiRequest,
  { etag, random, negotiated, artifact }: EmojiHeadersOptions,
): Record<string, string> {
  const { type } = FORMATS[request.format];
  return {
    ...OPEN_HEADERS,
    "content-type": type,
    "content-disposition": `inline; filename="${
      fileName(request)
    }.${request.format}"`,
    // Those of the other pictures follow from it; all of them could be more than clients take.
    "x-seed": encodeURIComponent(request.seed),
    "x-model": request.model,
    "x-steps": String(request.steps),
    ...(request.unknown.length > 0 && {
      "x-unknown-words": request.unknown.map(encodeURIComponent).join(", "),
    }),
    ...(request.format === "svg" as string && {
      "content-security-policy": "default-src 'none'; sandbox",
    }),
    // Shared caches that ignore Vary must never show everybody what one client has negotiated.
    ...(negotiated && { vary: "Accept" }),
    ...(random
      ? { "cache-control": "no-store" }
      : negotiated
      ? { "cache-control": PRIVATELY_FOREVER, etag }
      : {
        "cache-control": FOREVER,
        // Deno Deploy drops its cache at each deployment unless told what the answers depend on.
        "deno-cache-id": artifact,
        "deno-cache-tag": request.model,
        etag,
      }),
  };
}

/** Makes the headers of an answer that everybody may keep those of one for its client alone (RFC 9111, section 3.5). */
export function keepPrivate(headers: Headers): void {
  if (headers.get("cache-control") !== FOREVER) return;
  headers.set("cache-control", PRIVATELY_FOREVER);
  headers.delete("deno-cache-id");
  headers.delete("deno-cache-tag");
}

/** A name for a saved picture in plain ASCII. */
function fileName({ words, seed }: EmojiRequest): string {
  const parts = ["emoji", ...words.slice(0, 4), String(seed)];
  return parts.join("-").normalize("NFKD").replaceAll(/[^A-Za-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "").slice(0, 60);
}
