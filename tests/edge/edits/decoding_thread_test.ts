import assert from "node:assert/strict";
import { encodePng } from "@emoji/diffusion/png";
import { decodePicture } from "../../../edge/edits/codec_files.ts";
import {
  type DecodingOrder,
  decodingThread,
  type DecodingWorker,
} from "../../../edge/edits/decoding_thread.ts";

const [width, height] = [40, 20];
const rgba = Uint8Array.from({ length: 4 * width * height }, (_, i) => i % 251);
const FIT = { role: "image", width: 8, height: 8 } as const;
const file = () => encodePng({ width, height, rgba });

Deno.test("decodingThread() decodes in a real thread what this thread would, and goes on after a broken file", async () => {
  let worker: Worker | undefined;
  const decode = decodingThread(() => {
    const url = new URL("../../../edge/hosts/deno_decoder.ts", import.meta.url);
    worker = new Worker(url, { type: "module" });
    return worker as unknown as DecodingWorker;
  });
  for (const role of ["image", "mask"] as const) {
    const fit = { ...FIT, role };
    assert.deepEqual(
      await decode(file(), "png", fit),
      await decodePicture(file(), "png", fit),
    );
  }
  await assert.rejects(decode(file().slice(0, 60), "png", FIT), /decode/);
  assert.equal((await decode(file(), "png", FIT)).width, 8);
  worker!.terminate();
});

Deno.test("decodingThread() replaces a thread that crashed", async () => {
  const orders: DecodingOrder[] = [];
  const threads: (DecodingWorker & { ended: boolean })[] = [];
  const decode = decodingThread(() => {
    const thread = {
      ended: false,
      postMessage: (order: DecodingOrder) => void orders.push(order),
      terminate: () => void (thread.ended = true),
      onmessage: null,
      onerror: null,
    };
    threads.push(thread);
    return thread;
  });
  const lost = [decode(file(), "png", FIT), decode(file(), "png", FIT)];
  const outcomes = Promise.allSettled(lost);
  threads[0]!.onerror!({ preventDefault() {} });
  assert.deepEqual(
    (await outcomes).map(({ status }) => status),
    ["rejected", "rejected"],
  );
  assert.ok(threads[0]!.ended);
  const next = decode(file(), "png", FIT);
  assert.equal(threads.length, 2);
  const picture = { width: 8, height: 8, rgba: new Uint8Array(256) };
  threads[1]!.onmessage!({ data: { id: orders.at(-1)!.id, picture } });
  assert.equal(await next, picture);
});
