import { HttpProblem } from "../http/problem.ts";

/** Options for {@linkcode RateLimiter}. */
export interface RateLimiterOptions {
  /** Requests that a client may make at once. */
  burst: number;
  /** Requests that a client may make a second in the long run. */
  perSecond: number;
  /**
   * Clients to remember; the longest unseen are forgotten first.
   * @default {10000}
   */
  clients?: number;
  /**
   * The time in milliseconds.
   * @default {Date.now}
   */
  now?: () => number;
}

/** A token bucket for each client. */
export class RateLimiter {
  readonly #options: Required<RateLimiterOptions>;
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  /** @param options Sizes of the buckets. */
  constructor(options: RateLimiterOptions) {
    this.#options = { clients: 10_000, now: Date.now, ...options };
  }

  /**
   * Takes a token of a client.
   *
   * @returns Headers that tell the client where it stands (draft-ietf-httpapi-ratelimit-headers).
   * @throws {HttpProblem} 429 when there is none.
   */
  take(client: string): Record<string, string> {
    const { burst, perSecond, clients, now } = this.#options;
    const before = this.#buckets.get(client) ?? { tokens: burst, at: now() };
    const tokens = Math.min(
      burst,
      before.tokens + (now() - before.at) / 1000 * perSecond,
    );
    const allowed = tokens >= 1;
    const left = allowed ? tokens - 1 : tokens;
    this.#buckets.delete(client);
    this.#buckets.set(client, { tokens: left, at: now() });
    if (this.#buckets.size > clients) {
      const [oldest] = this.#buckets.keys();
      this.#buckets.delete(oldest!);
    }
    const wait = Math.ceil(Math.max(0, 1 - left) / perSecond);
    const headers = {
      "ratelimit-policy": `"client";q=${burst};w=${
        Math.ceil(burst / perSecond)
      }`,
      "ratelimit": `"client";r=${Math.floor(left)};t=${wait}`,
    };
    if (allowed) return headers;
    throw new HttpProblem(
      "too-many-requests",
      `Cannot draw now as a client may ask ${perSecond} times a second`,
      { headers: { ...headers, "retry-after": String(wait) } },
    );
  }
}
