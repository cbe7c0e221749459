import { pathOf } from "../http/path_of.ts";
import { FORMAT_NAMES } from "../request/formats.ts";

/** A URL's path without seeds and styles, for metrics and logs. */
export function routeName(url: string): string {
  const path = pathOf(url);
  if (path.startsWith("/s/")) return "/s/*";
  if (path.startsWith("/models/")) return "/models/*";
  return ROUTES.has(path) || ROUTE_FORMATS.has(path) ? path : "none";
}

const ROUTES = new Set([
  "/emoji",
  "/emoji/stream",
  "/emoji/edits",
  "/models",
  "/openapi.json",
  "/docs",
  "/metrics",
  "/healthz",
  "/readyz",
]);
const ROUTE_FORMATS = new Set(FORMAT_NAMES.map((name) => `/emoji.${name}`));
