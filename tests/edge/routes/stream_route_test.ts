import assert from "node:assert/strict";
import { fakeApp, get, json } from "../fixtures.ts";

/** The events of a stream that has ended. */
function events(
  text: string,
): [event: string, data: Record<string, unknown>][] {
  return text.trimEnd().split("\n\n").map((block) => {
    const [, event, data] = /^event: (\w+)\ndata: (.*)$/.exec(block)!;
    return [event!, JSON.parse(data!)];
  });
}

Deno.test("GET /emoji/stream shows every step and ends with the picture", async () => {
  const { app } = fakeApp();
  const response = await get(app, "/emoji/stream?seed=4&steps=5");
  assert.equal(response.headers.get("content-type"), "text/event-stream");
  assert.equal(response.headers.get("cache-control"), "no-store");
  const all = events(await response.text());
  assert.deepEqual(all.map(([event]) => event), [
    "preview",
    "preview",
    "preview",
    "preview",
    "picture",
  ]);
  assert.deepEqual(
    all.slice(0, 4).map(([, { step, steps }]) => [step, steps]),
    [[1, 5], [2, 5], [3, 5], [4, 5]],
  );
  const { image, url } = all.at(-1)![1];
  const bytes = await (await fetch(image as string)).bytes();
  assert.deepEqual(
    bytes,
    await (await get(app, "/emoji?seed=4&steps=5")).bytes(),
  );
  assert.deepEqual(bytes, await (await get(app, url as string)).bytes());
});

Deno.test("GET /emoji/stream names wrong parameters and sends problems that come late", async () => {
  const { app } = fakeApp();
  assert.equal((await get(app, "/emoji/stream?steps=0")).status, 400);
  assert.equal(
    (await json(await get(app, "/emoji/stream?format=png"))).status,
    400,
  );
  const errors: unknown[] = [];
  const broken = fakeApp({
    renderer: {
      ready: Promise.resolve(),
      render: () => Promise.reject(new Error("secret")),
      close: () => Promise.resolve(),
    },
    onError: (error) => errors.push(error),
  });
  const [[event, data]] = events(
    await (await get(broken.app, "/emoji/stream?seed=1")).text(),
  ) as [[string, Record<string, unknown>]];
  assert.equal(event, "problem");
  assert.equal(data.status, 500);
  assert.doesNotMatch(JSON.stringify(data), /secret/);
  assert.equal(errors.length, 1);
});

Deno.test("GET /emoji/stream stops drawing when the client closes it", async () => {
  const { app, engine, renderer } = fakeApp();
  await renderer.ready;
  const before = engine.calls;
  const reader = (await get(app, "/emoji/stream?seed=4&steps=100")).body!
    .getReader();
  await reader.read();
  await reader.cancel();
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.ok(engine.calls - before < 100, `${engine.calls - before}`);
});

Deno.test("HEAD /emoji/stream answers with the headers of GET and draws nothing", async () => {
  const { app, engine, renderer } = fakeApp();
  await renderer.ready;
  const before = engine.calls;
  const path = "/emoji/stream?seed=4&steps=50";
  const head = await get(app, path, { method: "HEAD" });
  assert.equal(head.status, 200);
  assert.equal(await head.text(), "");
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(engine.calls, before);
  const whole = await get(app, path);
  assert.deepEqual([...head.headers], [...whole.headers]);
  await whole.body?.cancel();
  const wrong = await get(app, "/emoji/stream?steps=0", { method: "HEAD" });
  assert.equal(wrong.status, 400);
});
