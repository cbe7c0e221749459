import { canonicalText, type EmojiRequest } from "../request/request.ts";
import { sha256 } from "./sha256.ts";

/** Changed whenever the same request to the same model begins to give other bytes. */
const RENDERING_VERSION = 3;

/** What a picture depends on beside the request. */
export interface Artifact {
  /** SHA-256 of the network. */
  readonly sha256: string;
  /** The text of the model's config. */
  readonly configText: string;
  /** What runs the network. */
  readonly engine: string;
}

/** Hexadecimal digits of a request's SHA-256 in its tag: 128 bits, which nobody finds a second request for. */
const DIGITS = 32;

/** A short text that is equal for equal artifacts. */
export function artifactTag(
  { sha256, configText, engine }: Artifact,
): string {
  return `${sha256.slice(0, 10)}-${
    shortHash(`${RENDERING_VERSION} ${engine} ${configText}`)
  }`;
}

/**
 * The ETag of a request's answer, known before the picture is drawn. Pictures are kept and shared under it, so clients,
 * who choose what is in a request, must not be able to make two that have the same.
 *
 * Strong, but weak for JSON, whose bytes are not promised.
 */
export async function etagOf(
  artifact: string,
  request: EmojiRequest,
): Promise<string> {
  const text = new TextEncoder().encode(canonicalText(request));
  const tag = `"${artifact}-${(await sha256(text)).slice(0, DIGITS)}"`;
  return request.format === "json" ? `W/${tag}` : tag;
}

/** Whether an If-None-Match header names `etag` (RFC 9110, section 13.1.2: compared weakly). */
export function matchesEtag(header: string | null, etag: string): boolean {
  if (header === null) return false;
  const bare = etag.replace(/^W\//, "");
  return header.trim() === "*" ||
    header.split(",").some((tag) => tag.trim().replace(/^W\//, "") === bare);
}

/**
 * 64 bits of MurmurHash3's mixing over UTF-16 code units. Tells texts of our own apart; whoever chooses a text can easily
 * give it the hash of another.
 */
function shortHash(text: string): string {
  let a = 0x9E3779B1;
  let b = 0x85EBCA77;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x85EBCA6B);
    b = Math.imul(b ^ unit, 0xC2B2AE35);
    a ^= a >>> 15;
    b ^= b >>> 13;
  }
  return (a >>> 0).toString(36).padStart(7, "0") +
    (b >>> 0).toString(36).padStart(7, "0");
}
