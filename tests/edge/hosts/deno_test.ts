import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { tinyModel } from "../tiny_model.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** The permissions of `deno task start`. */
async function startArguments(): Promise<string[]> {
  const { tasks } = JSON.parse(await readFile(join(ROOT, "deno.json"), "utf8"));
  const [, ...args] = (tasks.start.command as string).split(" ");
  return args;
}

/** A server in a process of its own, with a tiny model. */
async function startServer(
  root: string,
  variables: Record<string, string> = {},
) {
  const args = (await startArguments()).map((arg) =>
    arg === "--allow-read=." ? `--allow-read=.,${root}` : arg
  );
  const child = new Deno.Command(Deno.execPath(), {
    args,
    cwd: ROOT,
    env: { PORT: "0", MODELS_DIR: root, ...variables },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value = "" } = await reader.read();
  await reader.cancel();
  const [url] = /http:\/\/\S+:\d+/.exec(value) ?? [];
  const errors = new Response(child.stderr).text();
  return { child, url, errors };
}

async function withTinyModel(
  test: (root: string) => Promise<void>,
): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), "serve-"));
  const { configText, onnx } = tinyModel();
  await mkdir(join(root, "tiny"));
  await writeFile(join(root, "tiny", "config.json"), configText);
  await writeFile(join(root, "tiny", "model.onnx"), onnx);
  try {
    await test(root);
  } finally {
    await rm(root, { recursive: true });
  }
}

Deno.test("task start draws with its narrow permissions, in workers as in one thread, and stops on SIGTERM", () =>
  withTinyModel(async (root) => {
    const pictures: Uint8Array[] = [];
    for (const workers of ["2", "0"]) {
      const { child, url, errors } = await startServer(root, {
        WORKERS: workers,
      });
      const response = await fetch(`${url}/emoji?seed=42&steps=10&prompt=cat`);
      assert.equal(response.status, 200);
      pictures.push(await response.bytes());
      assert.equal(
        await fetch(`${url}/readyz`).then((ready) => ready.text()),
        "ready",
      );
      const slow = fetch(`${url}/emoji?seed=1&steps=100&n=2`).then((answer) =>
        answer.bytes()
      );
      await fetch(`${url}/healthz`).then((alive) => alive.text());
      child.kill("SIGTERM");
      assert.ok((await slow).length > 0, "what is under way is finished");
      assert.equal((await child.status).code, 0);
      assert.equal(await errors, "");
    }
    assert.deepEqual(pictures[0], pictures[1]);
  }));

Deno.test("task start ends with one line where a model is broken or a setting wrong", () =>
  withTinyModel(async (root) => {
    await writeFile(join(root, "tiny", "model.onnx"), "broken");
    const cases: [variables: Record<string, string>, line: RegExp][] = [
      [
        { WORKERS: "1" },
        /^Cannot use \S+model\.onnx as its SHA-256 must be \w+: current value is \w+$/,
      ],
      [{ WORKERS: "0" }, /^Cannot use \S+model\.onnx as its SHA-256 must be/],
      [
        { MODEL: "other" },
        /^Cannot serve as MODEL must be one of tiny: current value is other$/,
      ],
      [
        { PORT: "x" },
        /^Cannot start as PORT must be an integer from 0 to 65535: current value is x$/,
      ],
    ];
    for (const [variables, line] of cases) {
      const { child, errors } = await startServer(root, variables);
      assert.equal((await child.status).code, 1);
      assert.match((await errors).trim(), line);
    }
  }));
