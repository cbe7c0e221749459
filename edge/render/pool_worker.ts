import type { WorkerOrder, WorkerReport } from "./pool_renderer.ts";
import type { Renderer } from "./renderer.ts";

/** The inside of a worker: where its orders come from and its reports go to. */
export interface WorkerPort {
  /** Sends a report. */
  postMessage(report: WorkerReport, transfer: ArrayBuffer[]): void;
  /** Called with every order. */
  onmessage: ((event: { data: WorkerOrder }) => void) | null;
}

/** Draws what comes in through `port`, with a renderer of this thread. */
export function servePool(port: WorkerPort, renderer: Renderer): void {
  const runs = new Map<number, AbortController>();
  const report = (report: WorkerReport, transfer: ArrayBuffer[] = []) =>
    port.postMessage(report, transfer);
  renderer.ready.then(
    () => report({ type: "ready" }),
    (error: Error) => report({ type: "failed", message: error.message }),
  );
  port.onmessage = async ({ data: order }) => {
    if (order.type === "abort") return runs.get(order.id)?.abort();
    const { id, request, previews, edit } = order;
    const run = new AbortController();
    runs.set(id, run);
    try {
      const rendering = await renderer.render(request, {
        signal: run.signal,
        edit,
        onPreview: previews
          ? (preview) =>
            report({ type: "preview", id, preview }, [preview.png.buffer])
          : undefined,
      });
      report({ type: "done", id, rendering }, [rendering.bytes.buffer]);
    } catch (error) {
      report({ type: "error", id, message: (error as Error).message });
    } finally {
      runs.delete(id);
    }
  };
}
