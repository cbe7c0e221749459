import assert from "node:assert/strict";
import { createApp } from "../../../edge/app.ts";
import {
  type DrawingWorker,
  poolRenderer,
} from "../../../edge/render/pool_renderer.ts";
import { get, TINY } from "../fixtures.ts";
import type { Failure } from "./failing_worker.ts";

/** An app that draws in one real thread, which fails in the middle of a run. */
async function failingApp(failure: Omit<Failure, "file">, deadlineMs: number) {
  const file = await Deno.makeTempFile();
  await Deno.remove(file);
  const pool = poolRenderer({
    size: 1,
    abortMs: 1000,
    spawn: () =>
      new Worker(new URL("failing_worker.ts", import.meta.url), {
        type: "module",
        name: JSON.stringify({ ...failure, file } satisfies Failure),
      }) as unknown as DrawingWorker,
  });
  const errors: string[] = [];
  const app = createApp({
    models: [{ ...TINY, engine: "wasm" }],
    renderer: pool,
    queue: { deadlineMs },
    cacheBytes: 0,
    onError: (error) => errors.push(String(error)),
  });
  await pool.ready;
  return {
    app,
    pool,
    errors,
    fail: () => Deno.writeTextFile(file, ""),
    heal: () => Deno.remove(file),
    async [Symbol.asyncDispose]() {
      await pool.close();
      await Deno.remove(file).catch(() => {});
    },
  };
}

const PATH = "/emoji?seed=1&steps=20";

for (const kind of ["crash", "trap"] as const) {
  Deno.test(`a thread that dies of a ${kind} is replaced and its request drawn once more`, async () => {
    await using failing = await failingApp({ kind, once: true }, 30_000);
    const { app, pool, errors } = failing;
    const before = await get(app, PATH).then((sound) => sound.bytes());
    await failing.fail();
    const response = await get(app, PATH);
    assert.equal(response.status, 200);
    assert.deepEqual(await response.bytes(), before);
    assert.equal(pool.replaced, 1);
    assert.deepEqual(await get(app, PATH).then((next) => next.bytes()), before);
    assert.deepEqual(errors, []);
  });
}

Deno.test("a request that two threads die of answers 500, and the next is drawn", async () => {
  await using failing = await failingApp(
    { kind: "crash", once: false },
    30_000,
  );
  const { app, pool, errors } = failing;
  const before = await get(app, PATH).then((sound) => sound.bytes());
  await failing.fail();
  const response = await get(app, PATH);
  assert.equal(response.status, 500);
  assert.doesNotMatch(await response.text(), /broken thread/, "no secrets");
  assert.equal(errors.length, 1);
  assert.match(errors[0]!, /crashed twice: .*broken thread/);
  await failing.heal();
  assert.deepEqual(await get(app, PATH).then((next) => next.bytes()), before);
  assert.equal(pool.replaced, 2);
});

Deno.test("a thread that hangs is given up at the deadline, replaced, and the next request drawn", async () => {
  await using failing = await failingApp({ kind: "hang", once: true }, 3000);
  const { app, pool } = failing;
  const before = await get(app, PATH).then((sound) => sound.bytes());
  await failing.fail();
  const response = await get(app, PATH);
  assert.equal(response.status, 504);
  await response.body?.cancel();
  let next = await get(app, PATH);
  while (next.status === 504) next = await get(app, PATH); // while the new thread loads
  assert.equal(next.status, 200);
  assert.deepEqual(await next.bytes(), before);
  assert.ok(pool.replaced >= 1);
});
