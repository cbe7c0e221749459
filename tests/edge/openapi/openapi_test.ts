import assert from "node:assert/strict";
import { parseModelConfig } from "@emoji/diffusion/model-config";
import { PROBLEMS } from "../../../edge/http/problem.ts";
import { fakeApp, get, json } from "../fixtures.ts";

Deno.test("GET /openapi.json describes the parameters that GET /emoji accepts, and only existing things", async () => {
  const { app } = fakeApp();
  const api = await json(await get(app, "/openapi.json"));
  assert.equal(api.openapi, "3.1.0");
  const { errors } = await json(await get(app, "/emoji?nonsense=1"));
  const [{ allowed }] = errors as [{ allowed: string }];
  const components = api.components as Record<
    string,
    Record<string, Record<string, unknown>>
  >;
  assert.deepEqual(Object.keys(components.parameters!), allowed.split(", "));

  const references = [...JSON.stringify(api).matchAll(/"\$ref":"#\/([^"]+)"/g)]
    .map(([, path]) => path!.split("/"));
  assert.ok(references.length > 50);
  for (const path of references) {
    const target = path.reduce<unknown>(
      (node, key) => (node as Record<string, unknown>)[key],
      api,
    );
    assert.notEqual(target, undefined, path.join("/"));
  }
  for (const path of Object.keys(api.paths as object)) {
    const url = path.replace("{seed}", "1").replace("{format}", "png").replace(
      "{style}",
      "noto",
    ).replace("{name}", "tiny");
    const response = await get(app, url, { method: "HEAD" });
    assert.ok(
      response.status === 200 ||
        (path === "/readyz" && response.status === 503),
      `${url} ${response.status}`,
    );
  }
});

Deno.test("GET /openapi.json says of all that draws who may, and of nothing else", async () => {
  const { app } = fakeApp({ decode: () => Promise.reject() });
  const { paths, components } = await json(await get(app, "/openapi.json")) as {
    paths: Record<string, Record<string, Record<string, unknown>>>;
    components: { securitySchemes: Record<string, unknown> };
  };
  const guarded = fakeApp({
    decode: () => Promise.reject(),
    tokens: ["one"],
    signingKeys: ["key"],
  });
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, { security }] of Object.entries(methods)) {
      const url = path.replace("{format}", "png").replace(/{\w+}/g, "1");
      const { status } = await get(guarded.app, url, {
        method: method.toUpperCase(),
      });
      assert.deepEqual(
        security,
        status === 401 ? [{}, { token: [] }, { sig: [] }] : undefined,
        `${method} ${path}`,
      );
    }
  }
  assert.deepEqual(Object.keys(components.securitySchemes), ["token", "sig"]);
});

/** The part of JSON Schema that prompts need. */
interface TextSchema {
  pattern?: string;
  maxLength?: number;
  anyOf?: TextSchema[];
}

function accepts(schema: TextSchema, text: string): boolean {
  const { pattern = "", maxLength = Infinity, anyOf } = schema;
  return new RegExp(pattern, "u").test(text) &&
    [...text].length <= maxLength &&
    (anyOf === undefined || anyOf.some((part) => accepts(part, text)));
}

Deno.test("GET /openapi.json accepts every prompt that the API answers, those of canonical URLs too", async () => {
  const configText = await Deno.readTextFile(
    new URL("../../../models/emoji-32/config.json", import.meta.url),
  );
  const config = parseModelConfig(configText);
  const { app } = fakeApp({ models: [{ config, configText, engine: "wasm" }] });
  const { components } = await json(await get(app, "/openapi.json")) as {
    components: { parameters: { prompt: { schema: TextSchema } } };
  };
  const { schema } = components.parameters.prompt;
  const words = config.condition!.word!.values;
  const answered = [
    "it's red",
    "cœur",
    "😺|❤",
    "🙂".repeat(200),
    words.slice(0, 60).join("|"),
    words.toReversed().join("|"),
  ];
  const refused = ["", "x".repeat(201), "a\nb", `${words.join("|")}|x`];
  for (const prompt of [...answered, ...refused]) {
    const path = `/emoji?seed=1&prompt=${encodeURIComponent(prompt)}`;
    const { status } = await get(app, path, { method: "HEAD" });
    const good = answered.includes(prompt);
    assert.equal(status, good ? 200 : 400, prompt);
    assert.equal(accepts(schema, prompt), good, prompt);
  }
});

Deno.test("GET /docs has a section for the type of every problem", async () => {
  const { app } = fakeApp();
  const page = await get(app, "/docs");
  assert.match(
    page.headers.get("content-security-policy")!,
    /default-src 'none'/,
  );
  const text = await page.text();
  for (const kind of Object.keys(PROBLEMS)) {
    assert.ok(text.includes(`id="${kind}"`), kind);
  }
});

Deno.test("GET /models says what can be asked of each", async () => {
  const { app } = fakeApp();
  const [model] = await (await get(app, "/models")).json();
  assert.equal(model.name, "tiny");
  assert.deepEqual(model.condition.style, ["noto", "twemoji"]);
  assert.deepEqual(await json(await get(app, "/models/tiny")), model);
  const other = await get(app, "/models/other");
  assert.equal(other.status, 404);
  assert.equal(
    (await json(other)).detail,
    'Cannot describe the model as its name must be one of tiny: current value is "other"',
  );
});

Deno.test("GET /metrics counts requests, pictures and hits without seeds or prompts", async () => {
  const { app } = fakeApp();
  for (
    const path of [
      "/emoji?seed=secret",
      "/emoji?seed=secret",
      "/s/secret.png",
      "/emoji?steps=0",
      "/secret",
    ]
  ) await get(app, path);
  const text = await (await get(app, "/metrics")).text();
  assert.match(
    text,
    /^http_requests_total\{method="GET",route="\/emoji",status="200"\} 2$/m,
  );
  assert.match(
    text,
    /^http_requests_total\{method="GET",route="\/emoji",status="400"\} 1$/m,
  );
  assert.match(
    text,
    /^http_requests_total\{method="GET",route="none",status="404"\} 1$/m,
  );
  assert.match(text, /^emoji_cache_total\{result="hit"\} 2$/m);
  assert.match(text, /^emoji_pictures_total 1$/m);
  assert.match(
    text,
    /^http_request_duration_seconds_bucket\{route="\/emoji",le="\+Inf"\} 3$/m,
  );
  assert.match(text, /^emoji_queue_waiting 0$/m);
  assert.doesNotMatch(text, /secret/);
});

Deno.test("App.drain() turns readiness off", async () => {
  const { app, renderer } = fakeApp();
  await renderer.ready;
  assert.equal((await get(app, "/readyz")).status, 200);
  app.drain();
  assert.equal((await get(app, "/readyz")).status, 503);
  assert.equal((await get(app, "/emoji?seed=1")).status, 200);
});
