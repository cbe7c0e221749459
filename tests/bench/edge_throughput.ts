/**
 * Requests a second, with wrk and autocannon, against a bare `Deno.serve` that returns the same bytes; and uncached, two workers against
 * one: `deno run -A tests/bench/edge_throughput.ts [models]`.
 *
 * @module
 */

import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const [models = "models"] = Deno.args;
const SECONDS = 4;

interface Server extends AsyncDisposable {
  url: string;
}

async function start(
  args: string[],
  env: Record<string, string>,
): Promise<Server> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "--unstable-no-legacy-abort", "-A", ...args],
    cwd: ROOT,
    env: { PORT: "0", MODELS_DIR: models, ...env },
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value = "" } = await reader.read();
  await reader.cancel();
  const [url] = /http:\/\/\S+:\d+/.exec(value) ?? [];
  return {
    url: url!,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await child.status;
    },
  };
}

/** Requests a second. */
async function wrk(
  url: string,
  script = "",
  headers: string[] = [],
): Promise<number> {
  const file = await Deno.makeTempFile({ suffix: ".lua" });
  await Deno.writeTextFile(file, script);
  const { stdout } = await new Deno.Command("wrk", {
    args: [
      "-t1",
      "-c16",
      `-d${SECONDS}s`,
      "-s",
      file,
      ...headers.flatMap((header) => ["-H", header]),
      url,
    ],
  }).output();
  await Deno.remove(file);
  const text = new TextDecoder().decode(stdout);
  if (text.includes("Non-2xx") && !headers.length) console.log(text);
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(text)?.[1]);
}

/** HEAD requests a second, with autocannon: wrk waits for the content that HEAD only announces. */
async function heads(url: string): Promise<number> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "npm:autocannon@8.0.0",
      "-j",
      "-m",
      "HEAD",
      "-c",
      "16",
      "-d",
      String(SECONDS),
      url,
    ],
    cwd: await Deno.makeTempDir(),
    stderr: "null",
  }).output();
  return JSON.parse(new TextDecoder().decode(stdout)).requests.average;
}

const bareProgram = await Deno.makeTempFile({ suffix: ".ts" });
{
  await using app = await start(["edge/hosts/deno.ts"], {});
  const path = `${app.url}/emoji?seed=1&steps=4`;
  const response = await fetch(path);
  const etag = response.headers.get("etag")!;
  const bytes = await response.bytes();
  await Deno.writeTextFile(
    bareProgram,
    `const bytes = new Uint8Array([${bytes}]);
     Deno.serve({ port: 0, onListen: ({ port }) => console.log("http://localhost:" + port) }, () => new Response(bytes));`,
  );
  await using bare = await start([bareProgram], {});
  const rows: [name: string, run: (url: string) => Promise<number>][] = [
    ["cached", (url) => wrk(url)],
    ["304", (url) => wrk(url, "", [`If-None-Match: ${etag}`])],
    ["HEAD", heads],
  ];
  for (const [name, run] of rows) {
    const [base, own] = [await run(bare.url), await run(path)];
    console.log(
      `${name}: ${own.toFixed(0)}/s, bare ${base.toFixed(0)}/s, ratio ${
        (own / base).toFixed(2)
      }`,
    );
  }
}
await Deno.remove(bareProgram);

const rates: number[] = [];
for (const workers of ["1", "2"]) {
  await using app = await start(["edge/hosts/deno.ts"], {
    WORKERS: workers,
    CACHE_MB: "0",
  });
  const next =
    'local k = 0\nrequest = function() k = k + 1; return wrk.format("GET", "/emoji?steps=4&seed=" .. k) end';
  await wrk(app.url, next);
  rates.push(await wrk(app.url, next));
}
const [one, two] = rates as [number, number];
console.log(
  `uncached, 4 steps: ${one.toFixed(1)}/s with 1 worker, ${
    two.toFixed(1)
  }/s with 2, ratio ${(two / one).toFixed(2)}`,
);
