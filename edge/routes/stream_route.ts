import { toBase64 } from "../http/base64.ts";
import { OPEN_HEADERS } from "../http/open_headers.ts";
import type { RequestParser } from "../request/parse_request.ts";
import { HttpProblem } from "../http/problem.ts";
import type { Renderer } from "../render/renderer.ts";

/** What {@linkcode streamRoute} needs. */
export interface StreamRouteOptions {
  /** Reads queries. */
  parse: RequestParser;
  /** Draws. */
  renderer: Renderer;
  /** Called with errors that are nobody's fault but ours. */
  onError: (error: unknown) => void;
}

/**
 * Makes the route that answers with Server-Sent Events: `preview` after every step, then `picture` with what
 * `/emoji.json` would say, or `problem`. Whoever closes the connection stops the run.
 */
export function streamRoute(
  { parse, renderer, onError }: StreamRouteOptions,
): (request: Request, query: URLSearchParams) => Response {
  return (request, query) => {
    const { request: emoji } = parse(query, { format: "json" });
    const headers = {
      ...OPEN_HEADERS,
      "content-type": "text/event-stream",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
      "x-seed": encodeURIComponent(emoji.seed),
    };
    if (request.method === "HEAD") return new Response(null, { headers });
    const gone = new AbortController();
    const encoder = new TextEncoder();
    const signal = AbortSignal.any([gone.signal, request.signal]);
    const body = new ReadableStream<Uint8Array>({
      async start(controller) {
        const send = (event: string, data: string) => {
          if (signal.aborted) return;
          controller.enqueue(
            encoder.encode(`event: ${event}\ndata: ${data}\n\n`),
          );
        };
        try {
          const { bytes } = await renderer.render(emoji, {
            signal,
            onPreview: ({ step, steps, png }) => {
              const image = `data:image/png;base64,${toBase64(png)}`;
              send("preview", JSON.stringify({ step, steps, image }));
            },
          });
          send("picture", new TextDecoder().decode(bytes));
        } catch (error) {
          if (signal.aborted) return;
          const problem = error instanceof HttpProblem
            ? error
            : new HttpProblem(
              "internal-error",
              "Cannot draw as something went wrong here",
            );
          if (problem !== error) onError(error);
          send("problem", JSON.stringify(problem.toJSON()));
        }
        if (!signal.aborted) controller.close();
      },
      cancel: () =>
        gone.abort(new DOMException("The client has gone", "AbortError")),
    });
    return new Response(body, { headers });
  };
}
