import { HttpProblem } from "../http/problem.ts";
import type { Renderer } from "./renderer.ts";

/** Options for {@linkcode queuedRenderer}. */
export interface QueueOptions {
  /**
   * Runs at the same time.
   * @default {1}
   */
  concurrency?: number;
  /**
   * Requests that may wait; more are refused, and so are those that would wait beyond the deadline.
   * @default {64}
   */
  capacity?: number;
  /**
   * Milliseconds from arrival after which a request is given up.
   * @default {30000}
   */
  deadlineMs?: number;
}

/** A renderer with a queue in front. */
export interface QueuedRenderer extends Renderer {
  /** Requests that wait. */
  readonly waiting: number;
  /** Requests that are being drawn. */
  readonly running: number;
}

/**
 * Lets a renderer draw only so many requests at once, lets only so many wait, and gives up those that take too long:
 * what cannot be served in time is refused at once, and nothing is drawn that nobody waits for.
 */
export function queuedRenderer(
  renderer: Renderer,
  options: QueueOptions = {},
): QueuedRenderer {
  const { concurrency = 1, capacity = 64, deadlineMs = 30_000 } = options;
  const queue = new Set<() => void>();
  let running = 0;
  let runs = 0;
  let meanMs = 0; // of a rendering, lately

  /** Refuses who cannot be served in time, before anything is made for it. */
  function checkRoom(): void {
    if (running < concurrency) return;
    const waitMs = (queue.size + 1) * meanMs / concurrency;
    if (queue.size < capacity && waitMs <= deadlineMs) return;
    throw new HttpProblem(
      "overloaded",
      `Cannot draw now as ${queue.size} requests are waiting`,
      {
        headers: {
          "retry-after": String(Math.max(1, Math.ceil(waitMs / 1000))),
        },
      },
    );
  }

  async function takeTurn(signal: AbortSignal): Promise<void> {
    if (running < concurrency && queue.size === 0) {
      running++;
      return;
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const leave = () => {
      queue.delete(resolve);
      reject(signal.reason);
    };
    queue.add(resolve);
    signal.addEventListener("abort", leave, { once: true });
    await promise.finally(() => signal.removeEventListener("abort", leave));
  }

  /** Hands the place to the one who waits longest. */
  function endTurn(): void {
    const [next] = queue;
    if (next === undefined) running--;
    else {
      queue.delete(next);
      next();
    }
  }

  return {
    ready: renderer.ready,
    get waiting() {
      return queue.size;
    },
    get running() {
      return running;
    },
    async render(request, { signal, onPreview, edit } = {}) {
      checkRoom();
      const deadline = new AbortController();
      const timer = setTimeout(() =>
        deadline.abort(
          new HttpProblem(
            "deadline-exceeded",
            `Cannot draw as it took longer than ${deadlineMs / 1000} s`,
          ),
        ), deadlineMs);
      const either = signal === undefined
        ? deadline.signal
        : AbortSignal.any([signal, deadline.signal]);
      const arrived = performance.now();
      try {
        await takeTurn(either);
        const started = performance.now();
        try {
          const { bytes, timings } = await renderer.render(request, {
            signal: either,
            onPreview,
            edit,
          });
          return { bytes, timings: { queue: started - arrived, ...timings } };
        } finally {
          runs++;
          meanMs += (performance.now() - started - meanMs) / Math.min(runs, 8);
          endTurn();
        }
      } finally {
        clearTimeout(timer);
      }
    },
    close: () => renderer.close(),
  };
}
