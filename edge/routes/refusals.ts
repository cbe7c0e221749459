import { OPEN_HEADERS } from "../http/open_headers.ts";
import { HttpProblem, methodNotAllowed } from "../http/problem.ts";
import type { Readiness } from "../http/readiness.ts";
import type { Routes } from "./routes.ts";

/** Methods that some route has. */
const METHODS = ["GET", "POST"] as const;

const PREFLIGHT = {
  ...OPEN_HEADERS,
  "access-control-allow-methods": "GET, HEAD, POST, OPTIONS",
  // The asterisk leaves this one out.
  "access-control-allow-headers": "*, Authorization",
  "access-control-max-age": "86400",
};

/** Adds the answers to what no route answers: preflights, unknown paths and methods, errors. Comes after the routes. */
export function refusals(
  app: Routes,
  { readiness, onError }: {
    readiness: Readiness;
    onError: (error: unknown) => void;
  },
): void {
  app.options(
    "*",
    () => new Response(null, { status: 204, headers: PREFLIGHT }),
  );
  app.notFound((c) => {
    const allowed = METHODS.filter((method) =>
      app.router.match(method, c.req.path)[0].some(([[, route]]) =>
        route.method !== "ALL"
      )
    );
    if (
      allowed.length > 0 && !allowed.some((method) => method === c.req.method)
    ) {
      return methodNotAllowed(c.req.method, [
        ...allowed,
        ...(allowed.includes("GET") ? ["HEAD"] : []),
        "OPTIONS",
      ]).toResponse();
    }
    return new HttpProblem(
      "not-found",
      `Cannot find ${c.req.path.slice(0, 80)}`,
    ).toResponse();
  });
  app.onError((error, c) => {
    if (error instanceof HttpProblem) return error.toResponse();
    if (c.req.raw.signal.aborted) return new Response(null, { status: 499 });
    onError(error);
    return readiness.state() === "failed"
      ? new HttpProblem(
        "not-ready",
        "Cannot draw as the model could not be loaded",
      ).toResponse()
      : new HttpProblem(
        "internal-error",
        "Cannot draw as something went wrong here",
      ).toResponse();
  });
}
