import type { Edit } from "../edits/edit.ts";
import { HttpProblem } from "../http/problem.ts";
import type {
  Preview,
  Renderer,
  Rendering,
  RenderOptions,
} from "./renderer.ts";
import type { EmojiRequest } from "../request/request.ts";

/** What a worker is told. */
export type WorkerOrder =
  | {
    readonly type: "render";
    readonly id: number;
    readonly request: EmojiRequest;
    readonly previews: boolean;
    readonly edit?: Edit | undefined;
  }
  | { readonly type: "abort"; readonly id: number };

/** What a worker says. */
export type WorkerReport =
  | { readonly type: "ready" }
  | { readonly type: "failed"; readonly message: string }
  | { readonly type: "preview"; readonly id: number; readonly preview: Preview }
  | {
    readonly type: "done";
    readonly id: number;
    readonly rendering: Rendering;
  }
  | { readonly type: "error"; readonly id: number; readonly message: string };

/** A thread that draws: a Deno or browser `Worker`, or a test's. */
export interface DrawingWorker {
  /** Sends an order. */
  postMessage(order: WorkerOrder): void;
  /** Ends the thread at once. */
  terminate(): void;
  /** Called with every report. */
  onmessage: ((event: { data: WorkerReport }) => void) | null;
  /** Called when the thread has crashed. */
  onerror:
    | ((event: { message: string; preventDefault(): void }) => void)
    | null;
}

/** What {@linkcode poolRenderer} needs. */
export interface PoolOptions {
  /** Starts a worker, which reports "ready" or "failed" by itself. */
  spawn: () => DrawingWorker;
  /** How many workers to keep. */
  size: number;
  /**
   * Milliseconds that a worker has to stop an aborted run before it is replaced.
   * @default {5000}
   */
  abortMs?: number;
  /**
   * Milliseconds before another worker is started for one that could not load.
   * @default {1000}
   */
  pauseMs?: number;
}

/** A renderer whose threads can be counted. */
export interface PoolRenderer extends Renderer {
  /** Workers that were replaced after a crash or because they did not stop. */
  readonly replaced: number;
}

interface Job {
  readonly request: EmojiRequest;
  readonly options: RenderOptions;
  readonly result: PromiseWithResolvers<Rendering>;
  retried: boolean;
  /** Nobody waits for it any more. */
  abandoned: boolean;
}

interface Slot {
  worker: DrawingWorker;
  ready: boolean;
  job?: { id: number; job: Job };
}

/**
 * Draws in workers, one request each at a time. A crashed worker is replaced, and its request drawn once more. One that
 * cannot load at the start means that none can; later on, others are tried until one does.
 */
export function poolRenderer(
  { spawn, size, abortMs = 5000, pauseMs = 1000 }: PoolOptions,
): PoolRenderer {
  const ready = Promise.withResolvers<void>();
  const waiting: Job[] = [];
  const slots = new Set<Slot>();
  let nextId = 0;
  let replaced = 0;
  let closed = false;
  let started = false; // once a worker was ready
  let failure: Error | undefined; // while no worker is left
  let pause: ReturnType<typeof setTimeout> | undefined;
  addSlot(); // the others start when it is ready, so that the first picture has the machine to itself
  ready.promise.catch(() => {}); // reported to whoever asks

  function addSlot(): void {
    const slot: Slot = { worker: spawn(), ready: false };
    slots.add(slot);
    slot.worker.onmessage = ({ data }) => hear(slot, data);
    slot.worker.onerror = (event) => {
      event.preventDefault();
      // One that crashes while it loads would do so again at once.
      if (slot.ready) replace(slot, event.message);
      else hear(slot, { type: "failed", message: event.message });
    };
  }

  /** Starts a worker after a pause: what keeps one from loading, such as a want of memory, may pass. */
  function addSlotLater(): void {
    pause ??= setTimeout(() => {
      pause = undefined;
      if (slots.size < size) addSlot(); // the others follow when it is ready
    }, pauseMs);
  }

  function hear(slot: Slot, report: WorkerReport): void {
    if (report.type === "ready") {
      slot.ready = true;
      started = true;
      failure = undefined;
      ready.resolve();
      if (slots.size < size) addSlot();
      assign();
      return;
    }
    if (report.type === "failed") {
      slots.delete(slot);
      slot.worker.terminate();
      if (started && !closed) addSlotLater();
      if (slots.size > 0) return;
      failure = new Error(report.message);
      ready.reject(failure);
      for (const { result } of waiting.splice(0)) result.reject(failure);
      return;
    }
    if (slot.job?.id !== report.id) return;
    const { job } = slot.job;
    if (report.type === "preview") {
      return job.options.onPreview?.(report.preview);
    }
    if (report.type === "error" && !job.abandoned) {
      // Requests were checked before: the fault is the thread's, and a network that failed once may be broken for good.
      return replace(slot, report.message);
    }
    delete slot.job;
    if (report.type === "done") job.result.resolve(report.rendering);
    else job.result.reject(new Error(report.message));
    assign();
  }

  /** Gives free workers what waits. */
  function assign(): void {
    for (const slot of slots) {
      if (!slot.ready || slot.job !== undefined) continue;
      const job = waiting.shift();
      if (job === undefined) return;
      const id = nextId++;
      slot.job = { id, job };
      const { request, options } = job;
      slot.worker.postMessage({
        type: "render",
        id,
        request,
        previews: options.onPreview !== undefined,
        edit: options.edit,
      });
    }
  }

  function replace(slot: Slot, reason: string): void {
    if (!slots.delete(slot) || closed) return;
    slot.worker.terminate();
    replaced++;
    const job = slot.job?.job;
    if (job?.retried) {
      job.result.reject(
        new Error(`Cannot draw as a worker crashed twice: ${reason}`),
      );
    } else if (job?.abandoned === false) {
      job.retried = true;
      waiting.unshift(job);
    }
    addSlot();
  }

  /** Stops a run that nobody waits for. */
  function abandon(job: Job): void {
    const place = waiting.indexOf(job);
    if (place >= 0) waiting.splice(place, 1);
    for (const slot of slots) {
      if (slot.job?.job !== job) continue;
      const { id } = slot.job;
      slot.worker.postMessage({ type: "abort", id });
      job.abandoned = true;
      const timer = setTimeout(() => {
        if (slot.job?.id === id) replace(slot, "it did not stop");
      }, abortMs);
      job.result.promise.catch(() => {}).finally(() => clearTimeout(timer));
    }
  }

  return {
    ready: ready.promise,
    get lost() {
      return started && failure !== undefined;
    },
    get replaced() {
      return replaced;
    },
    async render(request, options = {}) {
      if (closed) {
        throw new HttpProblem(
          "not-ready",
          "Cannot draw as the server is stopping",
        );
      }
      if (failure !== undefined) throw failure;
      const { signal } = options;
      signal?.throwIfAborted();
      const job: Job = {
        request,
        options,
        result: Promise.withResolvers(),
        retried: false,
        abandoned: false,
      };
      const gone = Promise.withResolvers<never>();
      const leave = () => {
        abandon(job);
        gone.reject(signal!.reason);
      };
      signal?.addEventListener("abort", leave, { once: true });
      waiting.push(job);
      assign();
      try {
        return await Promise.race([job.result.promise, gone.promise]);
      } finally {
        signal?.removeEventListener("abort", leave);
      }
    },
    close() {
      closed = true;
      clearTimeout(pause);
      for (const { worker } of slots) worker.terminate();
      slots.clear();
      return Promise.resolve();
    },
  };
}
