import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { NO_NATIVE } from "../engines/installed.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** Starts a program of `deno.json` on a free port. */
async function startTask(
  task: string,
  ...more: string[]
): Promise<Deno.ChildProcess> {
  const { tasks } = JSON.parse(await readFile(join(ROOT, "deno.json"), "utf8"));
  const [, ...args] = (tasks[task].command as string).split(" ");
  return new Deno.Command(Deno.execPath(), {
    args: [...args, "--port", "0", "--workers", "1", ...more],
    cwd: ROOT,
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

Deno.test({
  name: "task start:native draws on the native engine, and says so",
  ignore: NO_NATIVE !== undefined,
  async fn() {
    const child = await startTask("start:native");
    const errors = new Response(child.stderr).text();
    const reader = child.stdout.pipeThrough(new TextDecoderStream())
      .getReader();
    const { value = "" } = await reader.read();
    await reader.cancel();
    try {
      assert.match(value, /; native, 1 workers/);
      const [url] = /http:\/\/\S+:\d+/.exec(value)!;
      const response = await fetch(`${url}/emoji.json?seed=1&steps=2`);
      assert.equal((await response.json()).engine, "native");
    } finally {
      child.kill("SIGTERM");
      assert.equal((await child.status).code, 0, await errors);
    }
  },
});

Deno.test({
  name: "task start does not let native code in, and says what does",
  ignore: NO_NATIVE !== undefined,
  async fn() {
    const child = await startTask("start", "--engine", "native");
    const { code, stderr } = await child.output();
    assert.equal(code, 1);
    assert.match(
      new TextDecoder().decode(stderr),
      /^Cannot use the native engine as .* run "deno task start:native"\n$/,
    );
  },
});

Deno.test("task start refuses an engine that it does not know", async () => {
  const child = await startTask("start", "--engine", "abacus");
  const { code, stderr } = await child.output();
  assert.equal(code, 1);
  assert.match(
    new TextDecoder().decode(stderr),
    /^Cannot start as ENGINE must be one of auto, wasm, webgpu, native/,
  );
});
