import assert from "node:assert/strict";
import { fakeApp, get, json, TINY } from "./fixtures.ts";

Deno.test("GET /emoji answers with a PNG that may be kept for ever", async () => {
  const { app } = fakeApp();
  const response = await get(app, "/emoji?seed=42&steps=3");
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("content-type"), "image/png");
  assert.equal(
    response.headers.get("cache-control"),
    "public, max-age=31536000, immutable",
  );
  assert.equal(response.headers.get("x-seed"), "42");
  assert.equal(response.headers.get("x-steps"), "3");
  assert.equal(response.headers.get("x-model"), "tiny");
  assert.equal(response.headers.get("access-control-allow-origin"), "*");
  assert.equal(
    response.headers.get("cross-origin-resource-policy"),
    "cross-origin",
  );
  assert.equal(
    response.headers.get("content-disposition"),
    'inline; filename="emoji-42.png"',
  );
  const bytes = new Uint8Array(await response.arrayBuffer());
  assert.deepEqual([...bytes.subarray(0, 4)], [0x89, 0x50, 0x4E, 0x47]);
});

Deno.test("GET /emoji draws the same bytes for the same seed and others for every other", async () => {
  const seen = new Map<string, string>();
  for (
    const seed of [...Array(40).keys(), "cat", "Cat", "cat ", "ünïcödé", "🙂"]
  ) {
    const draw = async () => {
      const { app } = fakeApp({ cacheBytes: 0 });
      const response = await get(
        app,
        `/emoji?seed=${encodeURIComponent(seed)}`,
      );
      return new Uint8Array(await response.arrayBuffer()).toHex();
    };
    const first = await draw();
    assert.equal(await draw(), first);
    assert.ok(!seen.has(first), `${seed} is like ${seen.get(first)}`);
    seen.set(first, String(seed));
  }
});

Deno.test("GET /emoji names every wrong parameter and computes nothing", async () => {
  const { app, engine, renderer } = fakeApp();
  await renderer.ready;
  const before = engine.calls;
  const cases: [query: string, parameters: string[]][] = [
    ["seed=-1", ["seed"]],
    ["seed=1.5", ["seed"]],
    ["seed=007", ["seed"]],
    ["seed=1e3", ["seed"]],
    ["seed=9007199254740992", ["seed"]],
    ["seed=", ["seed"]],
    [`seed=${"x".repeat(10_000)}`, ["seed"]],
    [`seed=${"🙂".repeat(129)}`, ["seed"]],
    ["seed=%00", ["seed"]],
    ["seed=%ff", ["seed"]],
    ["steps=0", ["steps"]],
    ["steps=101", ["steps"]],
    ["steps=abc", ["steps"]],
    ["steps=+5", ["steps"]],
    ["steps=0x10", ["steps"]],
    ["seed=1&seed=2", ["seed"]],
    ["seeed=1", ["seeed"]],
    ["__proto__=1", ["__proto__"]],
    ["sampler=magic", ["sampler"]],
    ["eta=2&sampler=ddim", ["eta"]],
    ["guidance=-1", ["guidance"]],
    ["style=crayon&group=x", ["style", "group"]],
    ["size=15", ["size"]],
    ["size=1025", ["size"]],
    ["background=red", ["background"]],
    ["format=bmp", ["format"]],
    ["n=0", ["n"]],
    ["n=17", ["n"]],
    ["model=gpt", ["model"]],
    ["steps=0&seed=-1&x=1", ["steps", "seed", "x"]],
  ];
  for (const [query, parameters] of cases) {
    const response = await get(app, `/emoji?${query}`);
    assert.equal(response.status, 400, query);
    assert.equal(
      response.headers.get("content-type"),
      "application/problem+json",
    );
    assert.equal(response.headers.get("cache-control"), "no-store");
    const body = await json(response);
    assert.equal(body.type, "/docs#invalid-parameters");
    assert.equal(body.status, 400);
    const errors = body.errors as {
      parameter: string;
      detail: string;
      allowed: string;
    }[];
    assert.deepEqual(
      errors.map(({ parameter }) => parameter),
      parameters,
      query,
    );
    for (const { detail, allowed } of errors) {
      assert.ok(detail.length > 0 && allowed.length > 0);
    }
  }
  assert.equal(engine.calls, before);
});

Deno.test("GET /emoji names a wrong parameter once, and few of many", async () => {
  const { app } = fakeApp();
  const parametersOf = async (query: string) => {
    const response = await get(app, `/emoji?${query}`);
    assert.equal(response.status, 400);
    const text = await response.text();
    assert.ok(text.length < 10_000, `${text.length} characters`);
    const { errors } = JSON.parse(text) as { errors: { parameter: string }[] };
    return errors.map(({ parameter }) => parameter);
  };
  assert.deepEqual(await parametersOf("a&".repeat(8000) + "b"), ["a", "b"]);
  assert.deepEqual(await parametersOf("n=0&".repeat(4000)), ["n"]);
  const many = Array.from({ length: 2000 }, (_, k) => `x${k}`);
  assert.deepEqual(await parametersOf(many.join("&")), many.slice(0, 20));
});

Deno.test("GET /emoji answers with headers that clients can take, whatever the seeds", async () => {
  const { app } = fakeApp();
  const seed = encodeURIComponent("🙂".repeat(128));
  const { status, headers } = await get(app, `/emoji?seed=${seed}&n=16`);
  assert.equal(status, 200);
  assert.equal(headers.get("x-seed"), seed);
  const length = [...headers].join().length;
  assert.ok(length < 4000, `${length} characters`); // Node takes 16 kB
});

Deno.test("GET /emoji answers 422 to parameters that contradict each other", async () => {
  const { app } = fakeApp();
  const cases: [query: string, parameter: string][] = [
    ["eta=0.5", "eta"],
    ["seed=9007199254740991&n=2", "seed"],
    ["t=0.5", "t"],
    ["to=2&t=0.5&format=gif", "t"],
    ["to=2&n=2&format=apng", "n"],
  ];
  for (const [query, parameter] of cases) {
    const response = await get(app, `/emoji?${query}`);
    assert.equal(response.status, 422, query);
    const { type, errors } = await json(response);
    assert.equal(type, "/docs#invalid-combination");
    assert.equal((errors as { parameter: string }[])[0]!.parameter, parameter);
  }
});

Deno.test("GET /emoji says which range a parameter must be in", async () => {
  const { errors } = await json(await get(fakeApp().app, "/emoji?steps=101"));
  assert.deepEqual(errors, [{
    parameter: "steps",
    detail: 'must be an integer from 1 to 100: current value is "101"',
    allowed: "an integer from 1 to 100",
  }]);
});

Deno.test("GET /emoji without a seed chooses one, says which, and is not kept", async () => {
  const { app } = fakeApp({ randomSeed: () => 1234 });
  const random = await get(app, "/emoji");
  assert.equal(random.headers.get("cache-control"), "no-store");
  assert.equal(random.headers.get("etag"), null);
  assert.equal(random.headers.get("x-seed"), "1234");
  const again = await get(app, "/emoji?seed=1234");
  assert.deepEqual(await again.bytes(), await random.bytes());

  const seeds = new Set<string | null>();
  const free = fakeApp().app;
  for (let i = 0; i < 20; i++) {
    seeds.add((await get(free, "/emoji")).headers.get("x-seed"));
  }
  assert.equal(seeds.size, 20);
});

Deno.test("GET /emoji.json and /s/… are /emoji under other names", async () => {
  const { app } = fakeApp();
  const plain = await (await get(app, "/emoji?seed=cat&style=noto")).bytes();
  for (
    const path of [
      "/emoji.png?seed=cat&style=noto",
      "/s/noto/cat.png",
      "/s/cat.png?style=noto",
    ]
  ) {
    assert.deepEqual(await (await get(app, path)).bytes(), plain, path);
  }
  const response = await get(app, "/emoji.json?seed=cat&style=noto");
  assert.match(response.headers.get("etag")!, /^W\//);
  const body = await json(response);
  const parameters = body.parameters as Record<string, unknown>;
  assert.equal(parameters.seed, "cat");
  assert.equal(parameters.steps, 4);
  const fromUrl = await (await get(app, body.url as string)).bytes();
  assert.deepEqual(fromUrl, plain);
  const picture = await fetch(body.image as string);
  assert.deepEqual(await picture.bytes(), plain);
});

Deno.test("createApp() answers paths and methods it does not know as RFC 9457 says", async () => {
  const { app } = fakeApp();
  const cases: [method: string, path: string, status: number][] = [
    ["GET", "/nothing", 404],
    ["GET", "/emoji.bmp", 404],
    ["GET", "/s/cat", 404],
    ["GET", "/emoji.png?format=json", 400],
    ["POST", "/emoji", 405],
    ["DELETE", "/s/cat.png", 405],
    ["POST", "/healthz", 405],
    ["POST", "/nothing", 404],
    ["GET", `/emoji?seed=${"x".repeat(20_000)}`, 414],
    ["GET", "/emoji?seed=1&steps=100&n=16", 422],
    ["GET", "/emoji?seed=1&size=1024&n=9", 422],
    ["GET", "/emoji.gif?seed=1&size=1024&steps=20", 422],
    ["GET", "/healthz", 200],
  ];
  for (const [method, path, status] of cases) {
    const response = await get(app, path, { method });
    assert.equal(response.status, status, `${method} ${path.slice(0, 40)}`);
    if (status === 405) {
      assert.equal(response.headers.get("allow"), "GET, HEAD, OPTIONS");
    }
    if (status >= 400) assert.equal((await json(response)).status, status);
  }
  const preflight = await get(app, "/emoji", { method: "OPTIONS" });
  assert.equal(preflight.status, 204);
  assert.equal(
    preflight.headers.get("access-control-allow-methods"),
    "GET, HEAD, POST, OPTIONS",
  );
});

Deno.test("createApp() answers other methods than GET and HEAD alike for a kept picture and for any other", async () => {
  const { app } = fakeApp();
  const kept = "/emoji?seed=42";
  await (await get(app, kept)).bytes();
  for (const method of ["POST", "PUT", "DELETE", "PATCH"]) {
    const response = await get(app, kept, { method });
    assert.equal(response.status, 405, method);
    assert.equal(response.headers.get("allow"), "GET, HEAD, OPTIONS");
  }
  const preflight = await get(app, kept, { method: "OPTIONS" });
  assert.equal(preflight.status, 204);
  assert.equal(
    preflight.headers.get("access-control-allow-methods"),
    "GET, HEAD, POST, OPTIONS",
  );
});

Deno.test("GET /readyz follows the renderer", async () => {
  const never = fakeApp({
    renderer: { ...fakeApp().renderer, ready: new Promise(() => {}) },
  });
  assert.equal((await get(never.app, "/readyz")).status, 503);
  const { app, renderer } = fakeApp();
  await renderer.ready;
  assert.equal((await get(app, "/readyz")).status, 200);

  const broken = new Error("no model");
  const errors: unknown[] = [];
  const ready = Promise.reject(broken);
  const failed = fakeApp({
    renderer: {
      ready,
      render: () => ready as Promise<never>,
      close: () => Promise.resolve(),
    },
    onError: (error) => errors.push(error),
  });
  await new Promise((resolve) => setTimeout(resolve));
  assert.equal((await get(failed.app, "/readyz")).status, 503);
  assert.equal((await get(failed.app, "/healthz")).status, 200);
  const response = await get(failed.app, `/emoji?seed=1`);
  assert.equal(response.status, 503);
  assert.equal((await json(response)).type, "/docs#not-ready");
  assert.ok(errors.includes(broken));
});

Deno.test("GET /emoji stops the run of a client that has gone", async () => {
  const { app, engine, renderer } = fakeApp();
  await renderer.ready;
  const before = engine.calls;
  const controller = new AbortController();
  const pending = get(app, "/emoji?seed=1&steps=100", {
    signal: controller.signal,
  });
  setTimeout(() => controller.abort(), 0);
  assert.equal((await pending).status, 499);
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.ok(engine.calls - before < 100, `${engine.calls - before} calls`);
});

Deno.test("GET /emoji shares one run between equal requests", async () => {
  const { app, engine, renderer } = fakeApp();
  await renderer.ready;
  const before = engine.calls;
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => get(app, "/emoji?seed=5&steps=10")),
  );
  const bytes = await Promise.all(answers.map((answer) => answer.bytes()));
  assert.equal(engine.calls - before, 10);
  for (const other of bytes) assert.deepEqual(other, bytes[0]);
});

Deno.test("GET /emoji reports words that the model does not know", async () => {
  const { app } = fakeApp();
  const response = await get(app, "/emoji?seed=1&prompt=Red+Cats+zyzzyva");
  assert.equal(response.headers.get("x-unknown-words"), "zyzzyva");
  const { parameters, unknownWords } = await json(
    await get(app, "/emoji.json?seed=1&prompt=Red+Cats+zyzzyva"),
  );
  assert.deepEqual((parameters as { words: string[] }).words, ["cat", "red"]);
  assert.deepEqual(unknownWords, ["zyzzyva"]);
  assert.equal(TINY.config.condition!.word!.values.includes("cat"), true);
});
