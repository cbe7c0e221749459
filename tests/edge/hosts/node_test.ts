import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { stopBundler } from "../../../edge/build/bundle.ts";
import { buildNode } from "../../../edge/build/node.ts";
import { ask, denoAnswers, QUESTIONS } from "./deno_bytes.ts";
import { tinyModels } from "./model_folders.ts";

const OLDEST = 20;

/** Why Node cannot be tested; undefined where it can. */
const noNode = await promisify(execFile)("node", ["--version"]).then(
  ({ stdout }) =>
    Number(/^v(\d+)/.exec(stdout)![1]) >= OLDEST
      ? undefined
      : `Node ${stdout.trim()} is older than ${OLDEST}`,
  () => "no Node on the path",
);

Deno.test({
  name: `buildNode() makes a server that draws Deno's bytes in Node${
    noNode === undefined ? "" : ` (${noNode})`
  }`,
  ignore: noNode !== undefined,
  // esbuild's process ends after the test
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(t) {
    await using models = await tinyModels();
    const outdir = join(models.root, "node");
    await buildNode({ outdir, modelsDir: models.modelsDir });
    await stopBundler();
    const { size } = await stat(join(outdir, "server.mjs"));
    assert.ok(size <= 3 * 2 ** 20, `${size} bytes`);

    const child = new Deno.Command("node", {
      args: [join(outdir, "server.mjs")],
      cwd: "/",
      clearEnv: true,
      env: { PATH: Deno.env.get("PATH")!, PORT: "0" },
      stdout: "piped",
    }).spawn();
    const reader = child.stdout.getReader();
    try {
      const { value } = await reader.read();
      const url =
        /http:\/\/\S+:\d+\//.exec(new TextDecoder().decode(value))![0];
      const expected = await denoAnswers(models.modelsDir);
      for (const [k, question] of QUESTIONS.entries()) {
        await t.step(question.name, async () => {
          assert.deepEqual(await ask(question, fetch, url), expected[k]);
        });
      }
      await t.step("GET / is the playground", async () => {
        const response = await fetch(url);
        assert.match(await response.text(), /<!doctype html>/);
        const policy = response.headers.get("content-security-policy");
        assert.match(policy!, /default-src 'none'/);
      });
      await t.step("it ends on SIGTERM, once /readyz has said so", async () => {
        child.kill("SIGTERM");
        const ready = new URL("/readyz", url);
        let state = "ready";
        while (state === "ready") state = await (await fetch(ready)).text();
        assert.equal(state, "draining");
        const picture = await fetch(new URL("/emoji?seed=42", url));
        assert.equal(picture.status, 200); // what still comes is taken
        await picture.body?.cancel();
        const { code, signal } = await child.status;
        assert.deepEqual([code, signal], [0, null]);
      });
    } finally {
      await reader.cancel();
      kill(child);
    }
  },
});

/** Ends a process, unless it has ended. */
function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
}
