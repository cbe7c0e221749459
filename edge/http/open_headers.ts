/** Headers of every answer that other sites may use, problems among them. */
export const OPEN_HEADERS: Readonly<Record<string, string>> = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers":
    "ETag, Content-Disposition, Retry-After, RateLimit, RateLimit-Policy, Server-Timing, X-Model, X-Seed, X-Steps, X-Unknown-Words",
  "cross-origin-resource-policy": "cross-origin",
  "timing-allow-origin": "*",
  "x-content-type-options": "nosniff",
};
