// The package as it is, bundled for a site, draws the same bytes in Node, Chromium and workerd as in Deno.
import * as esbuild from "esbuild";
import { Miniflare } from "miniflare";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { launchChromium, NO_CHROMIUM } from "../edge/chromium.ts";

/** A program that draws images with noise at every step and a multistep method, and gives their bytes as numbers. */
const PROGRAM = `
  import { clip, ddim, dpmpp, edm, sample } from "./mod.ts";
  import { karrasLevels } from "./steps/mod.ts";
  export async function draw() {
    const network = (x, told) => x.map((value) => value * Math.sin(told) / 2);
    const denoiser = clip(edm(network));
    const bytes = [];
    for (const solver of [ddim({ eta: 1 }), dpmpp({ order: 3, eta: 1 })]) {
      const x = await sample(denoiser, { levels: karrasLevels(12), solver, size: 48, seeds: [42, "smile"] });
      bytes.push(...new Uint8Array(x.buffer));
    }
    return bytes;
  }
`;

async function bundle(contents: string): Promise<string> {
  const { outputFiles } = await esbuild.build({
    stdin: {
      contents,
      resolveDir: fileURLToPath(import.meta.resolve("../../shared")),
      loader: "ts",
    },
    bundle: true,
    format: "esm",
    platform: "neutral",
    write: false,
  });
  await esbuild.stop();
  return outputFiles[0]!.text;
}

/** Imports a bundle here. */
async function drawHere(code: string): Promise<number[]> {
  const { draw } = await import(
    `data:text/javascript,${encodeURIComponent(code)}`
  );
  return await draw();
}

/** esbuild, Chromium and workerd are processes that end after the test. */
const PROCESSES = { sanitizeOps: false, sanitizeResources: false };

function hasNode(): boolean {
  try {
    return Number(
      execFileSync("node", ["--version"], { encoding: "utf8" }).slice(1).split(
        ".",
      )[0],
    ) >= 20;
  } catch {
    return false;
  }
}

Deno.test({
  ...PROCESSES,
  name: "sample() draws in Node the bytes it draws in Deno",
  ignore: !hasNode(), // needs Node 20 or later on PATH
  async fn() {
    const code = await bundle(PROGRAM);
    const script =
      `${code}\nprocess.stdout.write(JSON.stringify(await draw()));`;
    const output = execFileSync("node", ["--input-type=module", "-"], {
      input: script,
      encoding: "utf8",
    });
    assert.deepEqual(JSON.parse(output), await drawHere(code));
  },
});

Deno.test({
  ...PROCESSES,
  name: `sample() draws in Chromium the bytes it draws in Deno${
    NO_CHROMIUM ? ` (${NO_CHROMIUM})` : ""
  }`,
  ignore: NO_CHROMIUM !== undefined,
  async fn() {
    const code = await bundle(PROGRAM);
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      const bytes = await page.evaluate(async (code) => {
        const url = URL.createObjectURL(
          new Blob([code], { type: "text/javascript" }),
        );
        return (await import(url)).draw();
      }, code);
      assert.deepEqual(bytes, await drawHere(code));
    } finally {
      await browser.close();
    }
  },
});

Deno.test({
  ...PROCESSES,
  name: "sample() draws in workerd the bytes it draws in Deno",
  async fn() {
    const code = await bundle(PROGRAM);
    const worker = await bundle(`${PROGRAM}
      export default { fetch: async () => Response.json(await draw()) };
    `);
    const miniflare = new Miniflare({
      modules: true,
      script: worker,
      compatibilityDate: "2026-07-01",
    });
    try {
      const response = await miniflare.dispatchFetch("http://localhost/");
      assert.deepEqual(await response.json(), await drawHere(code));
    } finally {
      await miniflare.dispose();
    }
  },
});
