import { HttpProblem } from "../http/problem.ts";
import type { CodecName, PictureDecoder } from "./decode.ts";
import type { Fit } from "./fit.ts";
import type { Picture } from "@emoji/diffusion/png";
import { UnreadablePicture } from "./unreadable_picture.ts";

/** What the thread is told; one order at a time. */
export interface DecodingOrder {
  /** The file. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What it is. */
  readonly type: CodecName;
  /** What it is for. */
  readonly fit: Fit;
}

/** What the thread says of an order: errors lose their class on the way, so it tells whether the file is to blame. */
export type DecodingReport =
  | { readonly type: "done"; readonly picture: Picture }
  | { readonly type: "unreadable" | "error"; readonly message: string };

/** The part of a `Worker` that is needed. */
export interface DecodingWorker {
  /** Sends an order. */
  postMessage(order: DecodingOrder, transfer: ArrayBuffer[]): void;
  /** Ends the thread at once. */
  terminate(): void;
  /** Called with every report. */
  onmessage: ((event: { data: DecodingReport }) => void) | null;
  /** Called when the thread has crashed. */
  onerror:
    | ((event: { message: string; preventDefault(): void }) => void)
    | null;
}

/** Options for {@linkcode decodingThread}. */
export interface DecodingThreadOptions {
  /**
   * Milliseconds that a picture may take, and the start of the thread with it.
   * @default {10000}
   */
  deadlineMs?: number;
}

/**
 * Decodes in a thread of its own, one picture after the other, so that large ones keep no other request waiting. The thread
 * starts with the first picture; one that crashes or takes too long is replaced, and only the picture it had is lost.
 *
 * @param spawn Starts the thread.
 * @returns The decoder; rejects with {@linkcode HttpProblem} 504 at the deadline.
 */
export function decodingThread(
  spawn: () => DecodingWorker,
  { deadlineMs = 10_000 }: DecodingThreadOptions = {},
): PictureDecoder {
  let worker: DecodingWorker | undefined;
  let last: Promise<unknown> = Promise.resolve();

  function decode(order: DecodingOrder): Promise<Picture> {
    const result = Promise.withResolvers<Picture>();
    const thread = worker ??= spawn();
    const end = (error: Error) => {
      thread.terminate();
      if (worker === thread) worker = undefined;
      result.reject(error);
    };
    thread.onmessage = ({ data }) => {
      if (data.type === "done") result.resolve(data.picture);
      else if (data.type === "error") result.reject(new Error(data.message));
      else result.reject(new UnreadablePicture(data.message));
    };
    thread.onerror = (event) => {
      event.preventDefault();
      end(
        new Error(
          `Cannot decode picture as the thread crashed: ${event.message}`,
        ),
      );
    };
    thread.postMessage(order, [order.bytes.buffer]);
    const timer = setTimeout(() =>
      end(
        new HttpProblem(
          "deadline-exceeded",
          `Cannot decode picture as it must take at most ${
            deadlineMs / 1000
          } s`,
        ),
      ), deadlineMs);
    return result.promise.finally(() => clearTimeout(timer));
  }

  return (bytes, type, fit) => {
    const picture = last.then(() => decode({ bytes, type, fit }));
    last = picture.catch(() => {});
    return picture;
  };
}

/** The inside of the thread: answers orders with a decoder of this thread. */
export function serveDecoding(
  port: {
    postMessage(report: DecodingReport, transfer: ArrayBufferLike[]): void;
    onmessage: ((event: { data: DecodingOrder }) => void) | null;
  },
  decode: PictureDecoder,
): void {
  port.onmessage = async ({ data: { bytes, type, fit } }) => {
    try {
      const picture = await decode(bytes, type, fit);
      port.postMessage({ type: "done", picture }, []);
    } catch (error) {
      port.postMessage({
        type: error instanceof UnreadablePicture ? "unreadable" : "error",
        message: (error as Error).message,
      }, []);
    }
  };
}
