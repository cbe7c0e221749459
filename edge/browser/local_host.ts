import type { EngineClass } from "../engines/engine.ts";
import type { Progress } from "./download.ts";
import type { ToPage, ToWorker } from "./messages.ts";
import { startWorker } from "./start_worker.ts";

/** Options for {@linkcode startLocalHost}. */
export interface LocalHostOptions {
  /** URL of the server whose model is to be used, ending in a slash. */
  server: string;
  /**
   * What runs the network.
   * @default {"wasm"}
   */
  engine?: "wasm" | "webgpu" | undefined;
  /** Name of the model; the server's default if absent. */
  model?: string | undefined;
  /** Told how much of the model has been downloaded. */
  onProgress?: ((progress: Progress) => void) | undefined;
}

/** The server's app in a worker of this page. */
export interface LocalHost {
  /** Resolves when it can draw; is rejected when it never will. */
  readonly ready: Promise<{ engine: EngineClass; model: string }>;
  /** Answers a request for one of the app's paths, e.g. `/emoji`, as the server would; like the global `fetch`. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Ends the worker. */
  close(): void;
}

/** A request under way. */
interface Pending {
  resolve(response: Response): void;
  reject(error: unknown): void;
  body?: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>;
}

/** Starts drawing in a worker of this page: the page stays responsive, and the server is asked for files only. */
export function startLocalHost(options: LocalHostOptions): LocalHost {
  const { server, engine = "wasm", model, onProgress } = options;
  const { worker, ...files } = startWorker(engine, server);
  const ready = Promise.withResolvers<{ engine: EngineClass; model: string }>();
  const pending = new Map<number, Pending>();
  let requests = 0;

  function send(message: ToWorker, transfer: Transferable[] = []): void {
    worker.postMessage(message, transfer);
  }

  function fail(error: Error): void {
    ready.reject(error);
    for (const { reject, body } of pending.values()) {
      reject(error);
      body?.error(error);
    }
    pending.clear();
  }

  worker.onerror = (event) =>
    fail(new Error(event.message || `Cannot start the worker of ${server}`));
  worker.onmessage = ({ data }: MessageEvent<ToPage>) => {
    switch (data.type) {
      case "progress":
        return onProgress?.(data);
      case "ready":
        return ready.resolve(data);
      case "failed":
        return fail(new Error(data.message));
    }
    const request = pending.get(data.id);
    if (request === undefined) return;
    switch (data.type) {
      case "head":
        return request.resolve(toResponse(data, request));
      case "chunk":
        return request.body?.enqueue(data.bytes);
      case "end":
        pending.delete(data.id);
        if (data.error === undefined) return request.body?.close();
        request.reject(new Error(data.error));
        request.body?.error(new Error(data.error));
    }
  };

  function toResponse(
    { id, status, headers }: ToPage & { type: "head" },
    request: Pending,
  ): Response {
    const init = {
      status,
      headers: headers.map(([name, value]): [string, string] => [name, value]),
    };
    if (status === 204 || status === 304) return new Response(null, init);
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start: (controller) => void (request.body = controller),
      cancel: () => cancel(id),
    });
    return new Response(body, init);
  }

  function cancel(id: number): void {
    pending.delete(id);
    send({ type: "cancel", id });
  }

  send({ type: "start", server, model, ...files });
  ready.promise.catch(() => {}); // whoever draws is told

  return {
    ready: ready.promise,
    async fetch(path, init) {
      await ready.promise;
      // The app in the worker knows nothing of a prefix that its files may have on the server.
      const request = new Request(new URL(path, new URL("/", server)), init);
      const { signal } = request;
      signal.throwIfAborted();
      const body = request.body === null ? null : await request.arrayBuffer();
      const id = ++requests;
      const answer = Promise.withResolvers<Response>();
      const entry: Pending = answer;
      pending.set(id, entry);
      signal.addEventListener("abort", () => {
        if (!pending.has(id)) return;
        cancel(id);
        entry.reject(signal.reason);
        entry.body?.error(signal.reason);
      });
      send({
        type: "request",
        id,
        url: request.url,
        method: request.method,
        headers: [...request.headers],
        body,
      });
      return await answer.promise;
    },
    close() {
      worker.terminate();
      fail(new Error("Cannot draw as the local host is closed"));
    },
  };
}
