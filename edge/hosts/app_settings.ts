import type { AppOptions } from "../app_options.ts";
import type { ServerConfig } from "../config.ts";
import { clientKey } from "./client_key.ts";

/** What settings mean to the app, the same on every host. */
export function appSettings(
  config: ServerConfig,
): Omit<AppOptions, "models" | "renderer"> {
  const { rate } = config;
  return {
    cacheBytes: config.cacheBytes,
    limits: { evaluations: config.evaluations },
    queue: {
      concurrency: Math.max(1, config.workers),
      capacity: config.queue,
      deadlineMs: config.deadlineMs,
    },
    rate: rate === 0 ? undefined : { perSecond: rate, burst: 4 * rate },
    tokens: config.tokens,
    signingKeys: config.signingKeys,
    ...(config.log && {
      onRequest: (entry) => console.log(JSON.stringify(entry)),
    }),
  };
}

/**
 * Who asks, for the limit of the rate.
 *
 * @param headers Headers of the request.
 * @param address Address at the other end of the connection.
 * @param config Whether to believe a proxy about who is behind it.
 */
export function clientOf(
  headers: Headers,
  address: string,
  { trustProxy }: ServerConfig,
): string {
  const forwarded = trustProxy ? headers.get("x-forwarded-for") : null;
  const last = forwarded?.split(",").at(-1)?.trim();
  return clientKey(last ?? address);
}
