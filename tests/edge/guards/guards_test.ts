import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { signPath } from "../../../edge/guards/access.ts";
import { RateLimiter } from "../../../edge/guards/rate_limiter.ts";
import type { HttpProblem } from "../../../edge/http/problem.ts";
import { fakeApp, get, json } from "../fixtures.ts";

Deno.test("createApp() draws only for bearers of a token where there are tokens", async () => {
  const { app, engine, renderer } = fakeApp({ tokens: ["one", "two"] });
  await renderer.ready;
  const before = engine.calls;
  const status = async (authorization?: string, path = "/emoji?seed=1") =>
    (await get(
      app,
      path,
      authorization === undefined ? {} : { headers: { authorization } },
    )).status;
  for (
    const bad of [
      undefined,
      "Bearer three",
      "Bearer on",
      "Bearer ",
      "Basic one",
      "one",
    ]
  ) {
    assert.equal(await status(bad), 401, String(bad));
  }
  for (
    const path of [
      "/emoji.png",
      "/s/cat.png",
      "/s/noto/cat.png",
      "/emoji/stream",
    ]
  ) {
    assert.equal(await status(undefined, path), 401, path);
  }
  assert.equal(engine.calls, before);
  const refused = await get(app, "/emoji");
  assert.equal(refused.headers.get("www-authenticate"), "Bearer");
  assert.equal((await json(refused)).type, "/docs#unauthorized");
  assert.equal(await status("Bearer one"), 200);
  assert.equal(await status("bearer two"), 200);
  assert.equal(await status(undefined, "/healthz"), 200);
});

Deno.test("createApp() lets shared caches keep signed URLs, but no answer to a token", async () => {
  const { app } = fakeApp({ tokens: ["one"], signingKeys: ["key"] });
  const token = { headers: { authorization: "Bearer one" } };
  const signed = await signPath("/emoji?seed=1", "key");
  const etag = (await get(app, signed)).headers.get("etag")!;
  const cases: [path: string, init: RequestInit, kept: string | null][] = [
    ["/emoji?seed=1", token, "private"],
    ["/emoji?seed=1", token, "private"], // from memory
    ["/emoji?seed=1", { ...token, method: "HEAD" }, "private"],
    ["/emoji?seed=1", {
      headers: { ...token.headers, "if-none-match": etag },
    }, "private"],
    [signed, token, "private"],
    [signed, {}, "public"],
    ["/emoji", token, null],
  ];
  for (const [path, init, kept] of cases) {
    const { headers } = await get(app, path, init);
    assert.equal(
      headers.get("cache-control"),
      kept === null ? "no-store" : `${kept}, max-age=31536000, immutable`,
    );
    for (const name of ["deno-cache-id", "deno-cache-tag"]) {
      assert.equal(headers.has(name), kept === "public", name);
    }
  }
});

Deno.test("createApp() says how long a URL is that is too long", async () => {
  const { app } = fakeApp({ limits: { urlLength: 40 } });
  const path = "/emoji?seed=1234";
  assert.equal((await get(app, path)).status, 200);
  const refused = await get(app, `${path}&prompt=cat`);
  assert.equal(refused.status, 414);
  assert.equal(
    (await json(refused)).detail,
    "Cannot read URL as it must have at most 40 characters: current value is 43",
  );
});

Deno.test("OPTIONS /emoji lets pages of other sites send tokens", async () => {
  const { app } = fakeApp({ tokens: ["one"] });
  const { status, headers } = await get(app, "/emoji", { method: "OPTIONS" });
  assert.equal(status, 204);
  assert.equal(
    headers.get("access-control-allow-headers"),
    "*, Authorization",
  );
});

Deno.test("createApp() draws signed URLs, by any of its keys, and no others", async () => {
  const { app } = fakeApp({ signingKeys: ["old", "new"] });
  for (
    const path of [
      "/emoji?seed=1&prompt=red%20cat",
      `/emoji?seed=1&prompt=${encodeURIComponent("it's")}`,
      "/emoji?seed=1&prompt=it's cœur",
      "/emoji",
      "/s/cat.png",
      "/s/cœur.png",
    ]
  ) {
    for (const key of ["old", "new"]) {
      const signed = await signPath(path, key);
      assert.equal((await get(app, signed)).status, 200, signed);
      assert.equal(
        (await get(app, signed.replace("sig=", "steps=9&sig="))).status,
        401,
      );
      assert.equal((await get(app, `${signed}&steps=9`)).status, 401);
      assert.equal(
        (await get(
          app,
          signed.replace(/.$/, (last) => last === "A" ? "Q" : "A"),
        )).status,
        401,
      );
    }
    assert.equal((await get(app, path)).status, 401);
    assert.equal((await get(app, await signPath(path, "lost"))).status, 401);
  }
});

Deno.test("edge/README.md says how to sign a URL as signPath() does", async () => {
  const readme = new URL("../../../edge/README.md", import.meta.url);
  const text = await Deno.readTextFile(readme);
  const [, recipe] = /```js\n([^`]*createHmac[\s\S]*?)```/.exec(text)!;
  const sign = new Function("createHmac", "key", "console", recipe!);
  let shown = "";
  sign(createHmac, "key", { log: (url: string) => shown = url });
  const { pathname, search } = new URL(shown);
  const path = pathname + search.replace(/&sig=.*/, "");
  assert.match(path, /it%27s/);
  assert.equal(pathname + search, await signPath(path, "key"));
});

Deno.test("RateLimiter lets a client ask in bursts, and again after a while", () => {
  let now = 0;
  const limiter = new RateLimiter({
    burst: 3,
    perSecond: 2,
    clients: 2,
    now: () => now,
  });
  const status = (client: string) => {
    try {
      limiter.take(client);
      return 200;
    } catch (error) {
      return (error as HttpProblem).toResponse().status;
    }
  };
  assert.deepEqual([1, 2, 3, 4].map(() => status("a")), [200, 200, 200, 429]);
  assert.equal(status("b"), 200);
  now = 500;
  assert.deepEqual([status("a"), status("a")], [200, 429]);
  now = 100_000;
  assert.deepEqual([1, 2, 3, 4].map(() => status("a")), [200, 200, 200, 429]);
});

Deno.test("createApp() answers 429 with the time to wait, client by client", async () => {
  const { app } = fakeApp({ rate: { burst: 1, perSecond: 0.1 } });
  const ask = (client: string) =>
    app.fetch(new Request("http://localhost/emoji?seed=1"), client);
  const first = await ask("a");
  assert.equal(first.status, 200);
  assert.equal(first.headers.get("ratelimit"), '"client";r=0;t=10');
  assert.equal(first.headers.get("ratelimit-policy"), '"client";q=1;w=10');
  const second = await ask("a");
  assert.equal(second.status, 429);
  assert.equal(second.headers.get("retry-after"), "10");
  assert.equal((await ask("b")).status, 200);
  assert.equal(
    (await app.fetch(new Request("http://localhost/healthz"), "a")).status,
    200,
  );
});
