import assert from "node:assert/strict";
import { negotiate } from "../../../edge/request/negotiate.ts";
import { fakeApp, get, json } from "../fixtures.ts";

/** What browsers send for `<img>`, for addresses and for `fetch`. */
const BROWSERS = [
  "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8",
  "image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5",
  "image/webp,image/avif,image/jxl,image/heic,image/heic-sequence,video/*;q=0.8,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5",
  "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
  "*/*",
];

Deno.test("negotiate() is PNG wherever it is allowed", () => {
  for (
    const accept of [
      ...BROWSERS,
      null,
      "",
      "image/*",
      "IMAGE/PNG",
      "image/webp, image/png;q=0.1",
      "application/json, */*;q=0.1",
      "nonsense",
    ]
  ) assert.equal(negotiate(accept), "png", String(accept));
});

Deno.test("negotiate() is the format that the header prefers where it rules PNG out", () => {
  const cases: [accept: string, format: string | null][] = [
    ["application/json", "json"],
    ["application/*", "json"],
    ["image/svg+xml", "svg"],
    ["image/gif;q=0.5, image/webp;q=0.9", "webp"],
    ["image/gif, image/webp;q=0.9", "gif"],
    ["image/png;q=0, */*", "webp"],
    ["image/png;q=0.000, image/*;q=0, application/json", "json"],
    ["text/html", null],
    ["text/html, image/avif", null],
    ["*/*;q=0", null],
    ["image/*;q=0, text/plain", null],
  ];
  for (const [accept, format] of cases) {
    assert.equal(negotiate(accept), format, accept);
  }
});

Deno.test("GET /emoji answers 406 where Accept allows nothing, unless the URL names a format", async () => {
  const { app, engine, renderer } = fakeApp();
  await renderer.ready;
  const before = engine.calls;
  const headers = { accept: "text/html" };
  for (const path of ["/emoji?seed=1", "/emoji", "/emoji?seed=1&steps=2"]) {
    const response = await get(app, path, { headers });
    assert.equal(response.status, 406, path);
    assert.equal(response.headers.get("cache-control"), "no-store");
    const { type, detail } = await json(response);
    assert.equal(type, "/docs#not-acceptable");
    assert.match(String(detail), /image\/png, .*application\/json/);
  }
  assert.equal(engine.calls, before);
  for (
    const path of [
      "/emoji.png?seed=1",
      "/emoji?seed=1&format=png",
      "/emoji?seed=1&%66ormat=png",
      "/s/1.png",
    ]
  ) {
    const response = await get(app, path, { headers });
    assert.equal(response.status, 200, path);
    assert.equal(response.headers.get("content-type"), "image/png");
    await response.body?.cancel();
  }
});

Deno.test("GET /emoji remembers for each what its Accept header means", async () => {
  const { app } = fakeApp();
  const types: [accept: string, type: string | null][] = [
    ["*/*", "image/png"],
    ["application/json", "application/json"],
    ["image/webp", "image/webp"],
    ["text/html", null],
    ...BROWSERS.map((accept): [string, string] => [accept, "image/png"]),
  ];
  const etags = new Map<string | null, string | null>();
  for (const [accept, type] of [...types, ...types]) {
    const response = await get(app, "/emoji?seed=1", { headers: { accept } });
    await response.body?.cancel();
    if (type === null) {
      assert.equal(response.status, 406);
      continue;
    }
    assert.equal(response.headers.get("content-type"), type);
    const etag = response.headers.get("etag");
    assert.equal(etags.get(type) ?? etag, etag);
    etags.set(type, etag);
    const cacheControl = response.headers.get("cache-control")!;
    if (type === "image/png") {
      assert.match(cacheControl, /^public/);
    } else {
      assert.match(cacheControl, /^private/);
      assert.equal(response.headers.get("vary"), "Accept");
      assert.equal(response.headers.get("deno-cache-id"), null);
    }
  }
  assert.equal(new Set(etags.values()).size, 3);
});
