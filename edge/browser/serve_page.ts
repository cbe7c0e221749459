import type { App } from "../app.ts";
import type { EngineClass, EngineFactory } from "../engines/engine.ts";
import { loadApp } from "./load_app.ts";
import type { ToPage, ToWorker } from "./messages.ts";

/** The part of a worker's global scope that we need. */
interface Scope {
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
  postMessage(message: ToPage, transfer?: Transferable[]): void;
}

/**
 * Answers the requests of the page that has started this worker.
 *
 * @param engine Class of the engine.
 * @param makeEngine Makes it.
 */
export function servePage(
  engine: EngineClass,
  makeEngine: EngineFactory,
): void {
  const scope = globalThis as unknown as Scope;
  const running = new Map<number, AbortController>();
  let loading: Promise<{ app: App; model: string }> | undefined;

  scope.onmessage = ({ data }) => {
    switch (data.type) {
      case "start":
        loading = loadApp({
          engine,
          makeEngine,
          ...data,
          onProgress: (progress) =>
            scope.postMessage({ type: "progress", ...progress }),
        });
        loading.then(
          ({ model }) => scope.postMessage({ type: "ready", engine, model }),
          (error: Error) =>
            scope.postMessage({ type: "failed", message: error.message }),
        );
        break;
      case "request":
        void answer(data);
        break;
      case "cancel":
        running.get(data.id)?.abort();
        break;
    }
  };

  async function answer(
    { id, url, method, headers, body }: ToWorker & { type: "request" },
  ): Promise<void> {
    const controller = new AbortController();
    const { signal } = controller;
    running.set(id, controller);
    try {
      const { app } = await loading!;
      const request = new Request(url, {
        method,
        headers: headers.map((
          [name, value],
        ): [string, string] => [name, value]),
        body,
        signal,
      });
      const response = await app.fetch(request);
      scope.postMessage({
        type: "head",
        id,
        status: response.status,
        headers: [...response.headers],
      });
      await forward(id, response, signal);
      scope.postMessage({ type: "end", id });
    } catch (error) {
      scope.postMessage({ type: "end", id, error: (error as Error).message });
    } finally {
      running.delete(id);
    }
  }

  /** Safari cannot transfer a stream to another thread, so its chunks are. */
  async function forward(
    id: number,
    { body }: Response,
    signal: AbortSignal,
  ): Promise<void> {
    const reader = body?.getReader();
    if (reader === undefined) return;
    signal.addEventListener("abort", () => void reader.cancel(signal.reason));
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      const bytes = new Uint8Array(value);
      scope.postMessage({ type: "chunk", id, bytes }, [bytes.buffer]);
    }
  }
}
