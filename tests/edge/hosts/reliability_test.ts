import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { Connection, requestBytes } from "../../load/connection.ts";
import { type ServerProcess, startServer } from "../server_process.ts";
import { tinyModels } from "./model_folders.ts";

/** A request that takes some seconds even with a tiny network. */
const LONG = "/emoji?sampler=heun&guidance=3&prompt=cat&steps=100&n=16&seed=";

/** Starts a server with a tiny model. */
async function tinyServer(variables: Record<string, string> = {}) {
  const models = await tinyModels();
  const server = await startServer({
    modelsDir: models.modelsDir,
    variables: { WORKERS: "1", MAX_EVALUATIONS: "1000000", ...variables },
  });
  return {
    ...server,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await models[Symbol.asyncDispose]();
    },
  };
}

/** The value of a line of `/metrics`. */
async function metric({ url }: ServerProcess, line: string): Promise<number> {
  const text = await fetch(`${url}/metrics`).then((metrics) => metrics.text());
  const [, value] = text.split("\n").map((row) => row.split(/ (?=[\d.]+$)/))
    .find(([name]) => name === line) ?? [];
  return Number(value ?? 0);
}

/** Waits until something holds, for at most a minute. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 60_000;
  while (!await holds()) {
    assert.ok(performance.now() < end, `${holds} does not come to hold`);
    await rest(20);
  }
}

/** A short name for bytes: comparing large arrays when they differ takes all memory. */
function digest(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function rest(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

Deno.test("a run stops when its client goes away", async () => {
  await using server = await tinyServer();
  const client = await Connection.open(server.url);
  await client.write(requestBytes(`${server.url}${LONG}1`));
  await until(async () => await metric(server, "emoji_queue_running") === 1);
  client.close();
  await until(async () => await metric(server, "emoji_queue_running") === 0);
  const gone = 'http_requests_total{method="GET",route="/emoji",status="499"}';
  assert.equal(await metric(server, gone), 1);
  assert.equal(await metric(server, "emoji_pictures_total"), 0);
  const next = await fetch(`${server.url}/emoji?seed=2`);
  assert.equal(next.status, 200);
  await next.body?.cancel();
});

Deno.test("SIGTERM under load: readiness goes first, what can be finished is, the rest is cut off in time", async () => {
  await using server = await tinyServer({ WORKERS: "2", CACHE_MB: "0" });
  const { url, child } = server;
  const whole = await fetch(`${url}/emoji?seed=1`)
    .then(async (png) => digest(await png.bytes()));
  const probe = await Connection.open(url);
  const ready = requestBytes(`${url}/readyz`);
  assert.equal((await probe.send(ready)).status, 200);
  /** The picture's digest, or "cut off". */
  const outcome = async (path: string) => {
    try {
      const response = await fetch(url + path);
      assert.equal(response.status, 200);
      return digest(await response.bytes());
    } catch (error) {
      assert.ok(error instanceof TypeError, String(error));
      return "cut off";
    }
  };
  const endless = Array.from({ length: 30 }, (_, k) => outcome(LONG + k));
  await until(async () => await metric(server, "emoji_queue_running") === 2);
  const short = Array.from({ length: 5 }, () => outcome("/emoji?seed=1"));
  const told = performance.now();
  child.kill("SIGTERM");
  await until(async () => (await probe.send(ready)).status === 503);
  short.push(outcome("/emoji?seed=1")); // what still comes is taken
  assert.equal((await child.status).code, 0);
  const seconds = (performance.now() - told) / 1000;
  assert.ok(seconds < 15, `stopped after ${seconds} s`); // 4.5 s, and what a busy machine adds
  assert.ok((await Promise.all(endless)).includes("cut off"));
  for (const png of await Promise.all(short)) {
    assert.ok([whole, "cut off"].includes(png), "whole or not at all");
  }
  probe.close();
  assert.equal(await server.errors, "");
});

Deno.test("a full disk spoils nothing", async () => {
  // A shell that lets no file grow: writing fails as on a full disk. The pipe of the log is closed, too.
  const variables = { LOG: "1", DENO_NO_UPDATE_CHECK: "1" };
  const models = await tinyModels();
  const server = await startServer({
    modelsDir: models.modelsDir,
    variables,
    wrapper: ["sh", "-c", `trap '' XFSZ; ulimit -f 0; exec "$@"`, "sh", "%"],
  });
  const sound = await startServer({ modelsDir: models.modelsDir });
  for (const path of ["/emoji?seed=1", "/emoji.gif?seed=2", "/emoji?seed=1"]) {
    const [given, expected] = await Promise.all(
      [server, sound].map(({ url }) => fetch(url + path)),
    );
    assert.equal(given!.status, 200);
    const [own, other] = [await given!.bytes(), await expected!.bytes()];
    assert.equal(digest(own), digest(other));
  }
  for (const each of [server, sound, models]) await each[Symbol.asyncDispose]();
});

Deno.test("slow clients keep nobody waiting: heads and bodies that trickle, answers that nobody reads", async () => {
  await using server = await tinyServer({ WORKERS: "2" });
  const { url } = server;
  const large = "/emoji?seed=1&size=512&resample=pixel";
  const whole = await fetch(url + large).then((png) => png.bytes());
  const before = await server.memory();
  const open = (count: number) =>
    Promise.all(Array.from({ length: count }, () => Connection.open(url)));
  const encoder = new TextEncoder();
  const heads = await open(300);
  for (const head of heads) await head.write(encoder.encode("GET / HT"));
  const bodies = await open(10);
  const form = requestBytes(`${url}/emoji/edits`, {
    method: "POST",
    headers: {
      "content-type": "multipart/form-data; boundary=x",
      "content-length": "1000000",
    },
  });
  const givenUp = bodies.map(async (body) => (await body.send(form)).status);
  const readers = await open(50);
  for (const reader of readers) await reader.write(requestBytes(url + large));
  for (const path of ["/emoji?seed=2", large]) {
    const response = await fetch(url + path);
    assert.equal(response.status, 200);
    const bytes = await response.bytes();
    if (path === large) assert.equal(digest(bytes), digest(whole));
  }
  const grown = (await server.memory() - before) / 360;
  assert.ok(grown < 300_000, `${grown} bytes a connection`);
  assert.deepEqual(await Promise.all(givenUp), bodies.map(() => 408));
  for (const each of [...heads, ...bodies, ...readers]) each.close();
});

Deno.test("clients that hold all file descriptors do not end the server", async () => {
  const models = await tinyModels();
  const server = await startServer({
    modelsDir: models.modelsDir,
    variables: { WORKERS: "1" },
    wrapper: ["sh", "-c", 'ulimit -n 100; exec "$@"', "sh", "%"],
  });
  const before = await fetch(`${server.url}/emoji?seed=1`);
  await before.body?.cancel();
  const held: Connection[] = [];
  while (held.length < 200) {
    const connection = await Connection.open(server.url).catch(() => undefined);
    if (connection === undefined) break; // it has just run out of them
    held.push(connection);
  }
  for (const connection of held) connection.close();
  await until(() =>
    fetch(`${server.url}/emoji?seed=2`).then(async (response) => {
      await response.body?.cancel();
      return response.status === 200;
    }, () => false)
  );
  await server[Symbol.asyncDispose]();
  assert.match(await server.errors, /^(Cannot accept connections now: .+\n)+$/);
  await models[Symbol.asyncDispose]();
});
