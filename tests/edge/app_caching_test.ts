import assert from "node:assert/strict";
import { fakeApp, get, json, TINY } from "./fixtures.ts";

Deno.test("GET /emoji answers 304 and HEAD without drawing", async () => {
  const { app, engine, renderer } = fakeApp();
  await renderer.ready;
  const before = engine.calls;
  const head = await get(app, "/emoji?seed=7", { method: "HEAD" });
  assert.equal(head.status, 200);
  assert.equal(head.headers.get("content-type"), "image/png");
  assert.equal(head.headers.get("content-length"), null);
  const etag = head.headers.get("etag")!;
  assert.match(etag, /^"[\w-]+"$/);
  for (const header of [etag, `"other", W/${etag}`, "*"]) {
    const headers = { "if-none-match": header };
    const [response, bare] = await Promise.all(
      ["GET", "HEAD"].map((method) =>
        get(app, "/emoji?seed=7", { method, headers })
      ),
    );
    assert.equal(response!.status, 304);
    assert.equal(response!.headers.get("etag"), etag);
    assert.equal(response!.headers.get("access-control-allow-origin"), "*");
    assert.equal(await response!.text(), "");
    assert.equal(bare!.status, 304);
    assert.deepEqual([...bare!.headers], [...response!.headers]);
    assert.equal(bare!.body, null);
  }
  assert.equal(engine.calls, before);

  const other = await get(app, "/emoji?seed=7", {
    headers: { "if-none-match": '"other"' },
  });
  assert.equal(other.status, 200);
  assert.equal(other.headers.get("etag"), etag);
  const { length } = new Uint8Array(await other.arrayBuffer());
  const known = await get(app, "/emoji?seed=7", { method: "HEAD" });
  assert.equal(known.headers.get("content-length"), String(length));
});

Deno.test("GET /emoji has one ETag for all spellings of a request and others for other requests", async () => {
  const { app } = fakeApp();
  const etag = async (query: string) =>
    (await get(app, `/emoji?${query}`, { method: "HEAD" })).headers.get("etag");
  const plain = await etag("seed=7");
  for (
    const same of [
      "seed=7&steps=4",
      "steps=4&seed=7",
      "seed=%37&guidance=2.0&format=png&n=1&size=32",
    ]
  ) {
    assert.equal(await etag(same), plain, same);
  }
  const tags = [
    "seed=8",
    "seed=7&steps=5",
    "seed=7&prompt=cat",
    "seed=7&style=noto",
    "seed=7&size=64",
    "seed=7x",
  ];
  const distinct = new Set([plain, ...await Promise.all(tags.map(etag))]);
  assert.equal(distinct.size, tags.length + 1);
});

Deno.test("the engine is part of the ETag, and told by JSON and /metrics", async () => {
  const etags = new Set<string | null>();
  for (const engine of ["wasm", "webgpu", "native"] as const) {
    const { app } = fakeApp({ models: [{ ...TINY, engine }] });
    const response = await get(app, "/emoji?seed=1", { method: "HEAD" });
    etags.add(response.headers.get("etag"));
    const metrics = await (await get(app, "/metrics")).text();
    assert.ok(
      metrics.includes(
        `emoji_model_info{model="tiny",engine="${engine}"} 1\n`,
      ),
    );
  }
  assert.equal(etags.size, 3);
  const { app } = fakeApp();
  assert.equal(
    (await json(await get(app, "/emoji.json?seed=1"))).engine,
    "wasm",
  );
});
