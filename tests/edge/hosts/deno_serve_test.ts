import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ask, denoAnswers, QUESTIONS } from "./deno_bytes.ts";
import { tinyModels } from "./model_folders.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** Starts a host in a process of its own; gives its URL. */
async function start(args: string[], env: Record<string, string>) {
  const child = new Deno.Command(Deno.execPath(), {
    args,
    cwd: ROOT,
    env: { ...env, NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  // deno serve speaks on stderr, Deno.serve on stdout
  const { stdout, stderr } = child;
  const decoder = new TextDecoder();
  const url = Promise.withResolvers<string>();
  for (const stream of [stdout, stderr]) {
    (async () => {
      let text = "";
      for await (const bytes of stream) {
        text += decoder.decode(bytes);
        const port = /http:\/\/\S+?:(\d+)\//.exec(text)?.[1];
        if (port !== undefined) url.resolve(`http://localhost:${port}/`);
      }
      url.reject(new Error(text));
    })();
  }
  return { child, url: await url.promise };
}

async function drawsDenoBytes(
  args: (models: string) => string[],
  env: Record<string, string> = {},
): Promise<void> {
  await using models = await tinyModels();
  const { modelsDir } = models;
  const expected = await denoAnswers(modelsDir);
  const { child, url } = await start(args(modelsDir), {
    ...env,
    MODELS_DIR: modelsDir,
  });
  try {
    for (const [k, question] of QUESTIONS.entries()) {
      assert.deepEqual(await ask(question, fetch, url), expected[k]);
    }
    const { headers } = await fetch(`${url}emoji?seed=1`, {
      method: "HEAD",
    });
    assert.ok(headers.has("deno-cache-id"));
  } finally {
    child.kill("SIGKILL");
    await child.status;
  }
}

Deno.test("deno serve draws the same bytes, with narrow permissions", () =>
  drawsDenoBytes((models) => [
    "serve",
    "--port=0",
    `--allow-read=.,${models}`,
    "--allow-env",
    "edge/hosts/deno_serve.ts",
  ]));

Deno.test("deno.json's entry for Deno Deploy draws the same bytes", async () => {
  const { deploy } = JSON.parse(
    await readFile(join(ROOT, "deno.json"), "utf8"),
  );
  assert.equal(deploy.build, "deno task build:site");
  await drawsDenoBytes(() => [
    "run",
    "--allow-all",
    deploy.runtime.entrypoint,
  ], { DENO_SERVE_ADDRESS: "tcp:127.0.0.1:0" });
});
