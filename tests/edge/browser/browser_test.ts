/// <reference lib="dom" />

import assert from "node:assert/strict";
import { launchChromium, NO_CHROMIUM } from "../chromium.ts";
import { startSite } from "../site_server.ts";

/** A page of another site. */
const PAGE = (server: string) =>
  `<!doctype html><title>Elsewhere</title>
  <script type="module" src="${server}emoji.js"></script>
  <draw-emoji seed="42" prompt="red heart" size="64" engine="wasm"></draw-emoji>`;

/** Runs a test in a page of another origin than the site's. */
function test(
  name: string,
  chromiumArgs: string[],
  fn: (page: import("playwright-core").Page, server: string) => Promise<void>,
): void {
  Deno.test({
    name: NO_CHROMIUM === undefined ? name : `${name} (${NO_CHROMIUM})`,
    ignore: NO_CHROMIUM !== undefined,
    // Chromium's pipes and esbuild's process end after the test
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      await using site = await startSite();
      const other = Deno.serve(
        { port: 0, onListen() {} },
        () =>
          new Response(PAGE(site.url), {
            headers: { "content-type": "text/html" },
          }),
      );
      const browser = await launchChromium(chromiumArgs);
      try {
        const page = await browser.newPage();
        page.setDefaultTimeout(60_000);
        await page.goto(`http://localhost:${other.addr.port}/`);
        await fn(page, site.url);
      } finally {
        await browser.close();
        await other.shutdown();
      }
    },
  });
}

test(
  "emoji.js draws the server's bytes in a page of another site",
  [],
  async (page, server) => {
    const image = page.locator("draw-emoji img[src]");
    await image.waitFor();
    assert.equal(await image.getAttribute("alt"), "red heart");
    const drawn = await page.evaluate(async () => {
      const { src } = document.querySelector("draw-emoji")!.shadowRoot!
        .querySelector("img")!;
      return [...new Uint8Array(await (await fetch(src)).arrayBuffer())];
    });
    const response = await fetch(
      `${server}emoji?seed=42&prompt=red+heart&size=64`,
    );
    assert.deepEqual(drawn, [...await response.bytes()]);

    const message = await page.evaluate(async (url) => {
      const { drawEmoji } = await import(url);
      return await drawEmoji({ seed: 1, steps: 0, engine: "wasm" })
        .then(() => "", (error: Error) => error.message);
    }, `${server}emoji.js`);
    assert.match(message, /^steps must be an integer from 1/);
  },
);

test(
  "emoji.js draws nearly the server's picture on WebGPU, where there is an adapter",
  ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"],
  async (page, server) => {
    const pixels = (bytes: number[]) =>
      page.evaluate(async (bytes) => {
        const blob = new Blob([new Uint8Array(bytes)]);
        const bitmap = await createImageBitmap(blob);
        const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
        const context = canvas.getContext("2d")!;
        context.drawImage(bitmap, 0, 0);
        return [
          ...context.getImageData(0, 0, canvas.width, canvas.height).data,
        ];
      }, bytes);
    const drawn = await page.evaluate(async (url) => {
      const gpu = (navigator as unknown as {
        gpu?: { requestAdapter(): Promise<unknown> };
      }).gpu;
      if (await gpu?.requestAdapter() == null) return null;
      const { drawEmoji } = await import(url);
      const blob: Blob = await drawEmoji({
        seed: 42,
        background: "fff",
        engine: "webgpu",
      });
      return [...new Uint8Array(await blob.arrayBuffer())];
    }, `${server}emoji.js`);
    if (drawn === null) {
      return console.log("skipped: Chromium has no WebGPU adapter here");
    }
    const response = await fetch(`${server}emoji?seed=42&background=fff`);
    const ours = await pixels(drawn);
    const theirs = await pixels([...await response.bytes()]);
    const worst = ours.reduce(
      (most, value, k) => Math.max(most, Math.abs(value - theirs[k]!)),
      0,
    );
    assert.equal(ours.length, 4 * 32 * 32);
    assert.ok(worst <= 3, `differs by ${worst} of 255`);
  },
);
