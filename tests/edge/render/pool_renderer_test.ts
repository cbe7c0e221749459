import assert from "node:assert/strict";
import {
  type DrawingWorker,
  poolRenderer,
  type WorkerOrder,
  type WorkerReport,
} from "../../../edge/render/pool_renderer.ts";
import {
  servePool,
  type WorkerPort,
} from "../../../edge/render/pool_worker.ts";
import { localRenderer } from "../../../edge/render/local_renderer.ts";
import type { EmojiRequest } from "../../../edge/request/request.ts";
import { fakeApp, fakeEngine, get, TINY } from "../fixtures.ts";

const request: EmojiRequest = {
  model: "tiny",
  seed: 1,
  n: 1,
  words: [],
  unknown: [],
  steps: 5,
  sampler: "euler",
  eta: 0,
  guidance: 1,
  size: 32,
  resample: "smooth",
  format: "png",
};

const tick = (ms = 0) => new Promise((resolve) => setTimeout(resolve, ms));

/** A worker that does what the test tells it to. */
class FakeWorker implements DrawingWorker {
  onmessage: DrawingWorker["onmessage"] = null;
  onerror: DrawingWorker["onerror"] = null;
  orders: WorkerOrder[] = [];
  terminated = false;
  postMessage(order: WorkerOrder): void {
    this.orders.push(order);
  }
  terminate(): void {
    this.terminated = true;
  }
  say(data: WorkerReport): void {
    this.onmessage?.({ data });
  }
  crash(): void {
    this.onerror?.({ message: "out of memory", preventDefault() {} });
  }
  finish(): void {
    const { id } = this.orders.at(-1)!;
    this.say({
      type: "done",
      id,
      rendering: {
        bytes: new Uint8Array([id]),
        timings: { network: 0, sampler: 0, encode: 0 },
      },
    });
  }
}

function fakePool(size: number, abortMs = 5000) {
  const workers: FakeWorker[] = [];
  const pool = poolRenderer({
    size,
    abortMs,
    spawn: () => {
      const worker = new FakeWorker();
      workers.push(worker);
      queueMicrotask(() => worker.say({ type: "ready" }));
      return worker;
    },
  });
  return { pool, workers };
}

/** A worker in this thread, behind messages that are copied as between threads. */
function realWorker(): DrawingWorker {
  const worker: DrawingWorker = {
    postMessage: () => {},
    terminate() {},
    onmessage: null,
    onerror: null,
  };
  const port: WorkerPort = {
    onmessage: null,
    postMessage: (data, transfer) => {
      const copy = structuredClone(data, { transfer });
      queueMicrotask(() => worker.onmessage?.({ data: copy }));
    },
  };
  worker.postMessage = (order) => {
    const data = structuredClone(order);
    setTimeout(() => port.onmessage?.({ data }));
  };
  const engine = fakeEngine();
  servePool(
    port,
    localRenderer(() => Promise.resolve([{ config: TINY.config, engine }])),
  );
  return worker;
}

Deno.test("poolRenderer() draws what the thread itself would draw, with previews", async () => {
  const pool = poolRenderer({ spawn: realWorker, size: 2 });
  await pool.ready;
  const alone = localRenderer(() =>
    Promise.resolve([{ config: TINY.config, engine: fakeEngine() }])
  );
  const steps: number[] = [];
  const drawings = await Promise.all(
    [1, 2, 3, 4].map((seed) =>
      pool.render(
        { ...request, seed },
        seed === 2 ? { onPreview: ({ step }) => steps.push(step) } : {},
      )
    ),
  );
  for (const [k, { bytes }] of drawings.entries()) {
    assert.deepEqual(
      bytes,
      (await alone.render({ ...request, seed: k + 1 })).bytes,
    );
  }
  assert.deepEqual(steps, [1, 2, 3, 4]);
  await assert.rejects(
    pool.render({ ...request, model: "none" }),
    /model must be a loaded one/,
  );
});

Deno.test("poolRenderer() gives each worker one request at a time", async () => {
  const { pool, workers } = fakePool(2);
  await pool.ready;
  await tick();
  const drawings = [1, 2, 3].map(() => pool.render(request));
  assert.deepEqual(workers.map(({ orders }) => orders.length), [1, 1]);
  workers[1]!.finish();
  assert.deepEqual(workers.map(({ orders }) => orders.length), [1, 2]);
  workers[0]!.finish();
  workers[1]!.finish();
  assert.deepEqual((await Promise.all(drawings)).map(({ bytes }) => bytes[0]), [
    0,
    1,
    2,
  ]);
});

Deno.test("poolRenderer() replaces a crashed worker and draws its request once more", async () => {
  const { pool, workers } = fakePool(1);
  await pool.ready;
  const first = pool.render(request);
  workers[0]!.crash();
  await tick();
  assert.ok(workers[0]!.terminated);
  workers[1]!.finish();
  await first;
  const second = pool.render(request);
  workers[1]!.crash();
  await tick();
  workers[2]!.crash();
  await assert.rejects(second, /crashed twice: out of memory/);
  assert.equal(pool.replaced, 3);
});

Deno.test("poolRenderer() stops a run, and replaces a worker that does not", async () => {
  const { pool, workers } = fakePool(1, 10);
  await pool.ready;
  const gone = new AbortController();
  const first = pool.render(request, { signal: gone.signal });
  const second = pool.render(request);
  gone.abort(new Error("gone"));
  await assert.rejects(first, /gone/);
  assert.deepEqual(workers[0]!.orders.map(({ type }) => type), [
    "render",
    "abort",
  ]);
  await tick(30);
  assert.ok(workers[0]!.terminated);
  workers[1]!.finish();
  await second;
});

Deno.test("poolRenderer() is not ready where no worker can load the models", async () => {
  const workers: FakeWorker[] = [];
  const pool = poolRenderer({
    size: 2,
    spawn: () => workers[workers.push(new FakeWorker()) - 1]!,
  });
  const drawing = pool.render(request);
  for (const worker of workers) {
    worker.say({ type: "failed", message: "Cannot read network" });
  }
  await assert.rejects(pool.ready, /Cannot read network/);
  await assert.rejects(drawing, /Cannot read network/);
});

Deno.test("poolRenderer() is lost while no worker can be replaced, and draws again when one can", async () => {
  const workers: FakeWorker[] = [];
  const pool = poolRenderer({
    size: 2,
    pauseMs: 10,
    spawn: () => workers[workers.push(new FakeWorker()) - 1]!,
  });
  const { app } = fakeApp({ renderer: pool, onError: () => {} });
  const ask = async (path: string) => {
    const response = await get(app, path);
    await response.body?.cancel();
    return response.status;
  };
  const fail = (worker: FakeWorker | undefined) =>
    worker!.say({ type: "failed", message: "out of memory" });
  /** Waits until so many workers were started. */
  const started = async (count: number) => {
    while (workers.length < count) await tick(1);
  };
  workers[0]!.say({ type: "ready" });
  workers[1]!.say({ type: "ready" });
  const waiting = pool.render(request);
  workers[0]!.crash();
  workers[1]!.crash();
  fail(workers[2]);
  assert.equal(pool.lost, false); // one may load yet
  fail(workers[3]);
  assert.equal(pool.lost, true);
  assert.equal(workers.length, 4); // no other at once
  await assert.rejects(waiting, /out of memory/);
  assert.equal(await ask("/readyz"), 503);
  assert.equal(await ask("/emoji?seed=1"), 503);

  await started(5);
  fail(workers[4]);
  assert.equal(await ask("/readyz"), 503);
  await started(6);
  workers[5]!.say({ type: "ready" });
  assert.equal(await ask("/readyz"), 200);
  assert.equal(workers.length, 7); // as many as before
  const drawing = pool.render(request);
  workers[5]!.finish();
  await drawing;
  fail(workers[6]);
  await pool.close();
  await tick(30);
  assert.equal(workers.length, 7);
});
