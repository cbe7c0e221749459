import { HttpProblem } from "../http/problem.ts";

/** Who may draw. With neither tokens nor keys, everybody. */
export interface AccessOptions {
  /**
   * Bearer tokens, any of which is good.
   * @default {[]}
   */
  tokens?: readonly string[];
  /**
   * Keys for signed URLs, any of which is good, so that one can be replaced while another is still in use.
   * @default {[]}
   */
  signingKeys?: readonly string[];
}

/** Why a request may draw: everybody may, its bearer's token is good, or its URL's signature. */
export type Access = "open" | "token" | "signature";

/** Says why a request may draw. Throws a 401 {@linkcode HttpProblem} where it may not. */
export type AccessCheck = (request: Request) => Promise<Access>;

/** The characters of a token that a header can hold (RFC 6750, section 2.1), and how many. */
const TOKEN = "[\\w.~+/=-]{1,512}";
const IS_TOKEN = new RegExp(`^${TOKEN}$`);
const BEARER = new RegExp(`^Bearer (${TOKEN})$`, "i");

const SIGNATURE = /[?&]sig=([\w-]{43})$/;

/** Whether a text can be a bearer's token; nobody can send another. */
export function isToken(text: string): boolean {
  return IS_TOKEN.test(text);
}

/**
 * Makes the check of tokens and signed URLs. Neither takes longer the more of a guess is right.
 *
 * A URL is signed by a last parameter `sig`: HMAC-SHA-256, in base64url, of the path and the query before it, both
 * percent-encoded as in `URL`.
 */
export function accessCheck(
  { tokens = [], signingKeys = [] }: AccessOptions,
): AccessCheck {
  if (tokens.length === 0 && signingKeys.length === 0) {
    return () => Promise.resolve("open");
  }
  const keys = Promise.all([...signingKeys].map(hmacKey));
  const digests = Promise.all(tokens.map(digest));
  return async (request) => {
    const [, bearer] = BEARER.exec(
      request.headers.get("authorization") ?? "",
    ) ?? [];
    if (bearer !== undefined) {
      const given = await digest(bearer);
      const good = (await digests).filter((known) => equal(known, given));
      if (good.length > 0) return "token";
    }
    const { pathname, search } = new URL(request.url);
    const [tail, signature] = SIGNATURE.exec(search) ?? [];
    if (tail !== undefined) {
      const signed = bytesOf(pathname + search.slice(0, -tail.length));
      const bytes = fromBase64Url(signature!);
      for (const key of await keys) {
        if (await crypto.subtle.verify("HMAC", key, bytes, signed)) {
          return "signature";
        }
      }
    }
    throw new HttpProblem(
      "unauthorized",
      "Cannot draw without a valid token or signature",
      { headers: { "www-authenticate": "Bearer" } },
    );
  };
}

/**
 * Signs a path with its query, e.g. `/emoji?seed=42`, as it arrives: clients percent-encode what URLs cannot hold.
 *
 * @returns The path as it arrives, with the parameter `sig`.
 */
export async function signPath(path: string, key: string): Promise<string> {
  const { pathname, search } = new URL(path, "http://x");
  const signature = await crypto.subtle.sign(
    "HMAC",
    await hmacKey(key),
    bytesOf(pathname + search),
  );
  const text = btoa(String.fromCharCode(...new Uint8Array(signature)))
    .replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  return `${pathname}${search}${search === "" ? "?" : "&"}sig=${text}`;
}

/** A URL's query without the signature. */
export function withoutSignature(search: string): string {
  return search.replace(SIGNATURE, "");
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function hmacKey(key: string): Promise<CryptoKey> {
  return crypto.subtle.importKey(
    "raw",
    bytesOf(key),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign", "verify"],
  );
}

async function digest(token: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytesOf(token)));
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.reduce((difference, byte, i) => difference | byte ^ b[i]!, 0) === 0;
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
