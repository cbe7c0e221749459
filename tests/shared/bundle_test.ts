import * as esbuild from "esbuild";
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

/** Bytes of a module as a site would ship it: bundled, minified and gzipped. */
async function shipped(code: string): Promise<number> {
  const { outputFiles } = await esbuild.build({
    stdin: {
      contents: code,
      resolveDir: fileURLToPath(import.meta.resolve("../../shared")),
    },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "neutral",
    write: false,
  });
  return gzipSync(outputFiles[0]!.contents, { level: 9 }).length;
}

Deno.test({
  name: "mod.ts weighs at most 15 kB, and 4 kB where DDIM alone is used",
  sanitizeOps: false, // esbuild's child process
  sanitizeResources: false,
  async fn() {
    const all = await shipped(`export * from "./mod.ts"`);
    const few = await shipped(
      `export { ddim, fromEpsilon, sample } from "./mod.ts"`,
    );
    const loop = await shipped(`export { ddim, sample } from "./mod.ts"`);
    await esbuild.stop();
    assert.ok(all <= 15_000, `all: ${all} bytes`);
    assert.ok(loop <= 4_000, `DDIM: ${loop} bytes`);
    assert.ok(few <= 4_300, `DDIM with a prediction type: ${few} bytes`);
  },
});
