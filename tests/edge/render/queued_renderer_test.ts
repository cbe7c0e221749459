import assert from "node:assert/strict";
import { HttpProblem } from "../../../edge/http/problem.ts";
import { queuedRenderer } from "../../../edge/render/queued_renderer.ts";
import type { Renderer, Rendering } from "../../../edge/render/renderer.ts";
import type { EmojiRequest } from "../../../edge/request/request.ts";

const RENDERING: Rendering = {
  bytes: new Uint8Array(1),
  timings: { network: 1, sampler: 0, encode: 0 },
};
const request = { format: "png" } as EmojiRequest;

/** A renderer whose runs end when the test says so, or are aborted. */
function slowRenderer() {
  const runs: { finish: () => void; signal: AbortSignal }[] = [];
  const renderer: Renderer = {
    ready: Promise.resolve(),
    render: (_, { signal } = {}) =>
      new Promise((resolve, reject) => {
        runs.push({ finish: () => resolve(RENDERING), signal: signal! });
        signal!.addEventListener("abort", () => reject(signal!.reason));
      }),
    close: () => Promise.resolve(),
  };
  return { renderer, runs };
}

const tick = () => new Promise((resolve) => setTimeout(resolve));

Deno.test("queuedRenderer() draws in turn and refuses who would wait too long", async () => {
  const { renderer, runs } = slowRenderer();
  const queued = queuedRenderer(renderer, { concurrency: 2, capacity: 1 });
  const drawings = [
    queued.render(request),
    queued.render(request),
    queued.render(request),
  ];
  await tick();
  assert.deepEqual([runs.length, queued.running, queued.waiting], [2, 2, 1]);
  await assert.rejects(queued.render(request), (error) => {
    assert.ok(error instanceof HttpProblem);
    assert.equal(error.toResponse().status, 503);
    assert.match(error.headers["retry-after"]!, /^[1-9]\d*$/);
    return true;
  });
  runs[0]!.finish();
  await tick();
  assert.deepEqual([runs.length, queued.running, queued.waiting], [3, 2, 0]);
  runs[1]!.finish();
  runs[2]!.finish();
  for (const { timings } of await Promise.all(drawings)) {
    assert.ok(timings.queue! >= 0);
  }
  assert.equal(queued.running, 0);
});

Deno.test("queuedRenderer() stops a run at its deadline, and one that waits", async () => {
  const { renderer, runs } = slowRenderer();
  const queued = queuedRenderer(renderer, { deadlineMs: 20 });
  const outcomes = await Promise.allSettled([
    queued.render(request),
    queued.render(request),
  ]);
  for (const outcome of outcomes) {
    assert.equal(outcome.status, "rejected");
    assert.equal((outcome.reason as HttpProblem).toResponse().status, 504);
  }
  assert.equal(runs.length <= 2, true);
  assert.ok(runs[0]!.signal.aborted);
  assert.deepEqual([queued.running, queued.waiting], [0, 0]);
});

Deno.test("queuedRenderer() forgets a client that leaves the queue", async () => {
  const { renderer, runs } = slowRenderer();
  const queued = queuedRenderer(renderer);
  const first = queued.render(request);
  const gone = new AbortController();
  const second = queued.render(request, { signal: gone.signal });
  gone.abort(new Error("gone"));
  await assert.rejects(second, /gone/);
  assert.equal(queued.waiting, 0);
  runs[0]!.finish();
  await first;
  assert.deepEqual([runs.length, queued.running], [1, 0]);
});

Deno.test("queuedRenderer() refuses at once what it could not draw before its deadline", async () => {
  const { renderer, runs } = slowRenderer();
  const queued = queuedRenderer(renderer, { capacity: 100, deadlineMs: 4000 });
  const slow = queued.render(request);
  await new Promise((resolve) => setTimeout(resolve, 200));
  runs[0]!.finish();
  await slow;
  const leave = new AbortController();
  const crowd = Promise.allSettled(
    Array.from(
      { length: 100 },
      () => queued.render(request, { signal: leave.signal }),
    ),
  );
  await tick();
  const room = queued.waiting;
  assert.ok(room >= 1 && room <= 20, `runs take 200 ms, ${room} may wait`);
  leave.abort(new Error("gone"));
  const refused = (await crowd).filter((outcome) =>
    outcome.status === "rejected" && outcome.reason instanceof HttpProblem &&
    outcome.reason.kind === "overloaded" &&
    Number(outcome.reason.headers["retry-after"]) >= 4
  );
  assert.equal(refused.length, 100 - 1 - room);
});
