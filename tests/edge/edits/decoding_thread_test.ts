import assert from "node:assert/strict";
import { encodePng } from "@emoji/diffusion/png";
import { decodePicture } from "../../../edge/edits/codec_files.ts";
import {
  type DecodingOrder,
  type DecodingReport,
  decodingThread,
  type DecodingWorker,
  serveDecoding,
} from "../../../edge/edits/decoding_thread.ts";
import { UnreadablePicture } from "../../../edge/edits/unreadable_picture.ts";
import { HttpProblem } from "../../../edge/http/problem.ts";

const [width, height] = [40, 20];
const rgba = Uint8Array.from({ length: 4 * width * height }, (_, i) => i % 251);
const FIT = { role: "image", width: 8, height: 8 } as const;
const DONE: DecodingReport = {
  type: "done",
  picture: { width: 8, height: 8, rgba: new Uint8Array(256) },
};
const file = () => encodePng({ width, height, rgba });

/** Threads that do what `act` does with an order, given which thread it is. */
function fakeThreads(act: (thread: DecodingWorker, k: number) => void) {
  const threads: (DecodingWorker & { ended: boolean })[] = [];
  const spawn = () => {
    const k = threads.length;
    const thread = {
      ended: false,
      postMessage: () => act(thread, k),
      terminate: () => void (thread.ended = true),
      onmessage: null,
      onerror: null,
    } as DecodingWorker & { ended: boolean };
    threads.push(thread);
    return thread;
  };
  return { threads, spawn };
}

Deno.test("decodingThread() decodes in a real thread what this thread would, and goes on after a broken file", async () => {
  let worker: Worker | undefined;
  const decode = decodingThread(() => {
    const url = new URL("../../../edge/hosts/deno_decoder.ts", import.meta.url);
    worker = new Worker(url, { type: "module" });
    return worker as unknown as DecodingWorker;
  }, { deadlineMs: 60_000 }); // its types are checked first
  for (const role of ["image", "mask"] as const) {
    const fit = { ...FIT, role };
    assert.deepEqual(
      await decode(file(), "png", fit),
      await decodePicture(file(), "png", fit),
    );
  }
  await assert.rejects(
    decode(file().slice(0, 60), "png", FIT),
    UnreadablePicture,
  );
  assert.equal((await decode(file(), "png", FIT)).width, 8);
  worker!.terminate();
});

Deno.test("decodingThread() replaces a thread that crashed, and loses no other picture", async () => {
  const { threads, spawn } = fakeThreads((thread, k) =>
    k === 0
      ? thread.onerror!({ message: "no memory", preventDefault() {} })
      : thread.onmessage!({ data: DONE })
  );
  const decode = decodingThread(spawn);
  const [lost, next] = await Promise.allSettled([
    decode(file(), "png", FIT),
    decode(file(), "png", FIT),
  ]);
  assert.equal(lost!.status, "rejected");
  assert.match(String(lost!.reason), /the thread crashed: no memory/);
  assert.equal(next!.status, "fulfilled");
  assert.deepEqual(threads.map(({ ended }) => ended), [true, false]);
});

Deno.test("decodingThread() replaces a thread that does not answer in time, and decodes the next picture", async () => {
  const { threads, spawn } = fakeThreads((thread, k) => {
    if (k > 0) thread.onmessage!({ data: DONE });
  });
  const decode = decodingThread(spawn, { deadlineMs: 20 });
  const [late, ...next] = await Promise.allSettled([
    decode(file(), "png", FIT),
    decode(file(), "png", FIT),
    decode(file(), "png", FIT),
  ]);
  assert.equal(late!.status, "rejected");
  assert.ok(late!.reason instanceof HttpProblem);
  assert.equal(late!.reason.kind, "deadline-exceeded");
  for (const { status } of next) assert.equal(status, "fulfilled");
  assert.deepEqual(threads.map(({ ended }) => ended), [true, false]);
});

Deno.test("decodingThread() hears from serveDecoding() whether a file is broken or something else is", async () => {
  for (
    const error of [new UnreadablePicture("broken"), new Error("no codec")]
  ) {
    const spawn = () => {
      const worker: DecodingWorker = {
        postMessage: (data) => port.onmessage!({ data }),
        terminate() {},
        onmessage: null,
        onerror: null,
      };
      const port: Parameters<typeof serveDecoding>[0] = {
        postMessage: (data: DecodingReport) => worker.onmessage!({ data }),
        onmessage: null as ((event: { data: DecodingOrder }) => void) | null,
      };
      serveDecoding(port, () => Promise.reject(error));
      return worker;
    };
    await assert.rejects(decodingThread(spawn)(file(), "png", FIT), error);
  }
});

Deno.test("decodingThread() rejects where no thread can be started, and tries again", async () => {
  const { spawn } = fakeThreads((thread) => thread.onmessage!({ data: DONE }));
  let starts = 0;
  const decode = decodingThread(() => {
    if (starts++ === 0) throw new Error("no threads");
    return spawn();
  });
  await assert.rejects(decode(file(), "png", FIT), /no threads/);
  assert.equal((await decode(file(), "png", FIT)).width, 8);
});
