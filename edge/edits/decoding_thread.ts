import type { CodecName, PictureDecoder } from "./decode.ts";
import type { Fit } from "./fit.ts";
import type { Picture } from "@emoji/diffusion/png";

/** What the thread is told. */
export interface DecodingOrder {
  /** Which order. */
  readonly id: number;
  /** The file. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What it is. */
  readonly type: CodecName;
  /** What it is for. */
  readonly fit: Fit;
}

/** What the thread says; no picture where the file is broken. */
export interface DecodingReport {
  /** Which order. */
  readonly id: number;
  /** The picture. */
  readonly picture?: Picture;
}

/** The part of a `Worker` that is needed. */
export interface DecodingWorker {
  /** Sends an order. */
  postMessage(order: DecodingOrder, transfer: ArrayBuffer[]): void;
  /** Ends the thread at once. */
  terminate(): void;
  /** Called with every report. */
  onmessage: ((event: { data: DecodingReport }) => void) | null;
  /** Called when the thread has crashed. */
  onerror: ((event: { preventDefault(): void }) => void) | null;
}

/**
 * Decodes in a thread of its own, one picture after the other, so that large ones keep no other request waiting. The thread
 * starts with the first picture; one that crashes is replaced.
 *
 * @param spawn Starts the thread.
 */
export function decodingThread(spawn: () => DecodingWorker): PictureDecoder {
  const waiting = new Map<number, PromiseWithResolvers<Picture>>();
  let worker: DecodingWorker | undefined;
  let nextId = 0;

  function start(): DecodingWorker {
    const thread = spawn();
    thread.onmessage = ({ data: { id, picture } }) => {
      const result = waiting.get(id);
      waiting.delete(id);
      if (picture !== undefined) result?.resolve(picture);
      else result?.reject(new Error("Cannot decode picture"));
    };
    thread.onerror = (event) => {
      event.preventDefault();
      thread.terminate();
      worker = undefined;
      for (const result of waiting.values()) {
        result.reject(new Error("Cannot decode picture as the thread crashed"));
      }
      waiting.clear();
    };
    return thread;
  }

  return (bytes, type, fit) => {
    const id = nextId++;
    const result = Promise.withResolvers<Picture>();
    waiting.set(id, result);
    worker ??= start();
    worker.postMessage({ id, bytes, type, fit }, [bytes.buffer]);
    return result.promise;
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
  port.onmessage = async ({ data: { id, bytes, type, fit } }) => {
    try {
      const picture = await decode(bytes, type, fit);
      port.postMessage({ id, picture }, []);
    } catch {
      port.postMessage({ id }, []);
    }
  };
}
