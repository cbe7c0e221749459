import { routeName } from "../routes/route_name.ts";
import type { Metrics } from "./metrics.ts";

/** Methods that the metrics know by name: clients may invent any number. */
const COUNTED = new Set(["GET", "HEAD", "POST", "OPTIONS"]);

/** A request that was answered, for the log. Holds neither seeds nor prompts. */
export interface LogEntry {
  /** HTTP method. */
  readonly method: string;
  /** Path pattern of the route, or "none". */
  readonly route: string;
  /** HTTP status. */
  readonly status: number;
  /** Milliseconds. */
  readonly ms: number;
}

/** Counts a request that was answered `ms` milliseconds after it came. */
export function countRequest(
  metrics: Metrics,
  { url, method: given }: Pick<Request, "url" | "method">,
  { status }: Pick<Response, "status">,
  ms: number,
): LogEntry {
  const method = COUNTED.has(given) ? given : "other";
  const route = routeName(url);
  metrics.count("http_requests_total", "Requests by route and status", {
    method,
    route,
    status: String(status),
  });
  metrics.observe(
    "http_request_duration_seconds",
    "Time to the answer's headers",
    { route },
    ms / 1000,
  );
  return { method, route, status, ms };
}
