import { Miniflare } from "miniflare";
import assert from "node:assert/strict";
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { stopBundler } from "../../../edge/build/bundle.ts";
import { buildWorkers } from "../../../edge/build/workers.ts";
import { ask, denoAnswers, QUESTIONS } from "./deno_bytes.ts";
import { tinyModels } from "./model_folders.ts";

/** What Workers accept, uncompressed. */
const LIMIT_BYTES = 64 * 2 ** 20;

/** The part of wrangler's settings that says how a Worker is put together. */
interface WranglerSettings {
  readonly main: string;
  readonly "compatibility_date": string;
  readonly rules: readonly {
    readonly type: "CompiledWasm" | "Data" | "Text";
    readonly globs: readonly string[];
  }[];
}

/** Runs a built Worker in workerd as wrangler.jsonc says. */
async function workerd(outdir: string): Promise<Miniflare> {
  const settings: WranglerSettings = JSON.parse(
    await readFile(new URL("../../../wrangler.jsonc", import.meta.url), "utf8"),
  );
  const main = basename(settings.main);
  const modules = (await readdir(outdir)).filter((name) => name !== main).map(
    async (name) => {
      const rule = settings.rules.find(({ globs }) =>
        globs.some((glob) => name.endsWith(glob.replace("**/*", "")))
      );
      assert.ok(rule !== undefined, `no rule for ${name}`);
      const path = join(outdir, name);
      const bytes = await readFile(path);
      const contents = rule.type === "Text" ? bytes.toString() : bytes;
      return { type: rule.type, path, contents };
    },
  );
  return new Miniflare({
    compatibilityDate: settings.compatibility_date,
    modulesRoot: outdir,
    modules: [
      { type: "ESModule", path: join(outdir, main) },
      ...await Promise.all(modules),
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
      const files = await readdir(outdir);
      let total = 0;
      for (const name of files) total += (await stat(join(outdir, name))).size;
      assert.ok(total <= LIMIT_BYTES - 40 * 2 ** 20, `${total} bytes`);
    });

    const server = await workerd(outdir);
    try {
      const url = await server.ready;
      const expected = await denoAnswers(models.modelsDir);
      for (const [k, question] of QUESTIONS.entries()) {
        await t.step(question.name, async () => {
          assert.deepEqual(await ask(question, fetch, url), expected[k]);
        });
      }
      await t.step("files of models come whole, compressed once", async () => {
        for (const file of ["config.json", "model.onnx"]) {
          const response = await fetch(new URL(`/models/tiny/${file}`, url));
          const bytes = await response.bytes();
          const length = response.headers.get("content-length");
          if (file === "model.onnx") assert.equal(length, `${bytes.length}`);
          assert.deepEqual(
            bytes,
            new Uint8Array(
              await readFile(join(models.modelsDir, "tiny", file)),
            ),
            file,
          );
        }
      });
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
