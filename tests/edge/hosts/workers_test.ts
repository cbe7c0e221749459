import { Miniflare } from "miniflare";
import assert from "node:assert/strict";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { stopBundler } from "../../../edge/build/bundle.ts";
import { buildWorkers } from "../../../edge/build/workers.ts";
import { denoAnswers, PATHS } from "./deno_bytes.ts";
import { tinyModels } from "./model_folders.ts";

/** What Workers accept, uncompressed. */
const LIMIT_BYTES = 64 * 2 ** 20;

/** Runs a built Worker in workerd. */
async function workerd(outdir: string, name: string): Promise<Miniflare> {
  const file = (path: string) => readFile(join(outdir, path));
  return new Miniflare({
    compatibilityDate: "2026-07-01",
    modulesRoot: outdir,
    modules: [
      { type: "ESModule", path: join(outdir, "worker.js") },
      {
        type: "CompiledWasm",
        path: join(outdir, "ort.wasm"),
        contents: await file("ort.wasm"),
      },
      {
        type: "Data",
        path: join(outdir, `${name}.onnx`),
        contents: await file(`${name}.onnx`),
      },
      {
        type: "Text",
        path: join(outdir, `${name}.config.json`),
        contents: await readFile(join(outdir, `${name}.config.json`), "utf8"),
      },
    ],
  });
}

Deno.test({
  name: "buildWorkers() makes a Worker that draws Deno's bytes in workerd",
  // miniflare keeps sockets to workerd for a while
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(t) {
    await using models = await tinyModels();
    const outdir = join(models.root, "workers");
    await buildWorkers({ outdir, modelsDir: models.modelsDir });
    await stopBundler();

    await t.step("its code is at most 3 MiB", async () => {
      const { size } = await stat(join(outdir, "worker.js"));
      assert.ok(size <= 3 * 2 ** 20, `${size} bytes`);
    });

    await t.step("it leaves 40 MiB of the limit for models", async () => {
      const files = ["worker.js", "ort.wasm", "tiny.config.json", "tiny.onnx"];
      let total = 0;
      for (const name of files) total += (await stat(join(outdir, name))).size;
      assert.ok(total <= LIMIT_BYTES - 40 * 2 ** 20, `${total} bytes`);
    });

    const server = await workerd(outdir, "tiny");
    try {
      const url = await server.ready;
      const expected = await denoAnswers(models.modelsDir, PATHS);
      for (const [k, path] of PATHS.entries()) {
        await t.step(`GET ${path}`, async () => {
          const response = await fetch(new URL(path, url));
          const bytes = await response.bytes();
          assert.equal(response.status, 200, new TextDecoder().decode(bytes));
          assert.deepEqual(bytes, expected[k]!.bytes);
          assert.equal(response.headers.get("etag"), expected[k]!.etag);
        });
      }
      await t.step("wrong parameters answer 400", async () => {
        const response = await fetch(new URL("/emoji?steps=0", url));
        assert.equal(response.status, 400);
        await response.body?.cancel();
      });
    } finally {
      await server.dispose();
    }
  },
});
