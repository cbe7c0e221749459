/// <reference lib="dom" />

import axe from "axe-core";
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { launchChromium, NO_CHROMIUM } from "../chromium.ts";
import { type SiteServer, startSite } from "../site_server.ts";

let site: SiteServer;
let browser: Browser;

/** A page that fails its test when it asks others, breaks its policy or throws. */
interface Visit extends AsyncDisposable {
  readonly page: Page;
}

async function visit(
  path = "?seed=42&size=64",
  options: BrowserContextOptions = {},
): Promise<Visit> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => {
    const text = message.text();
    if (message.type() === "error" && !/Failed to load resource/.test(text)) {
      faults.push(text);
    }
  });
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(site.url) && !/^(data|blob):/.test(url)) {
      faults.push(`asks ${url}`);
    }
  });
  await page.goto(site.url + path);
  await drawn(page, new URLSearchParams(path).get("seed")!);
  return {
    page,
    async [Symbol.asyncDispose]() {
      await context.close();
      assert.deepEqual(faults, []);
    },
  };
}

/** Waits until the picture of a seed is finished. */
async function drawn(page: Page, seed: string): Promise<void> {
  await page.waitForSelector(
    `#figure[aria-busy="false"] #picture[alt$="seed ${seed}"]`,
  );
}

function test(name: string, fn: () => Promise<void>): void {
  Deno.test({
    name: NO_CHROMIUM === undefined ? name : `${name} (${NO_CHROMIUM})`,
    ignore: NO_CHROMIUM !== undefined,
    // the browser and the server outlive each test
    sanitizeOps: false,
    sanitizeResources: false,
    fn,
  });
}

Deno.test.beforeAll(async () => {
  if (NO_CHROMIUM !== undefined) return;
  site = await startSite();
  browser = await launchChromium();
});

Deno.test.afterAll(async () => {
  await browser?.close();
  await site?.[Symbol.asyncDispose]();
});

test("playground draws what its URL asks for, step by step", async () => {
  await using visited = await visit("?seed=7&steps=6&prompt=red+heart&size=64");
  const { page } = visited;
  assert.ok(await page.isChecked('[name="style"][value=""]'));
  const captions = await page.evaluate(async () => {
    const seen: (string | null)[] = [];
    const caption = document.getElementById("caption")!;
    const observer = new MutationObserver(() => seen.push(caption.textContent));
    observer.observe(caption, { childList: true });
    document.getElementById("draw")!.click();
    await new Promise<void>((resolve) => {
      const poll = setInterval(() => {
        if (!seen.at(-1)?.includes("by the server")) return;
        clearInterval(poll);
        resolve();
      }, 20);
    });
    return seen;
  });
  assert.ok(captions.includes("Step 1 of 6"), String(captions));
  assert.ok(captions.includes("Step 5 of 6"), String(captions));
  const image = await page.getAttribute("#picture", "src");
  const response = await fetch(
    `${site.url}emoji.png?seed=7&steps=6&prompt=red+heart&size=64`,
  );
  assert.equal(image!.split(",")[1], (await response.bytes()).toBase64());
});

test("playground draws by keyboard alone and says what it does not know", async () => {
  await using visited = await visit();
  const { page } = visited;
  await page.focus("#prompt");
  await page.keyboard.type("red blorbl");
  await page.keyboard.press("Enter");
  await page.waitForSelector('#picture[alt="red blorbl, seed 42"]');
  const hint = await page.textContent("#unknown");
  assert.equal(hint, "The model does not know: blorbl");
  assert.match(await page.textContent("#status") ?? "", /Drawn: red blorbl/);
  await page.focus("#seed-slider");
  await page.keyboard.press("ArrowRight");
  await drawn(page, "43");
  assert.match(page.url(), /seed=43/);
});

test("playground copies text that draws the picture again", async () => {
  await using visited = await visit("?seed=42&size=64&prompt=red+heart", {
    permissions: ["clipboard-read", "clipboard-write"],
  });
  const { page } = visited;
  const copy = async (kind: string) => {
    await page.click(`[data-copy="${kind}"]`);
    await page.waitForFunction(
      (kind) =>
        document.getElementById("status")!.textContent === `Copied as ${kind}`,
      kind,
    );
    return await page.evaluate(() => navigator.clipboard.readText());
  };
  const url = await copy("url");
  const response = await fetch(url);
  assert.equal(response.headers.get("content-type"), "image/png");
  const shown = await page.getAttribute("#picture", "src");
  assert.equal((await response.bytes()).toBase64(), shown!.split(",")[1]);
  const html = url.replaceAll("&", "&amp;");
  assert.equal(await copy("markdown"), `![red heart, seed 42](${url})`);
  assert.equal(
    await copy("html"),
    `<img src="${html}" alt="red heart, seed 42" width="64" height="64">`,
  );
  assert.equal(await copy("curl"), `curl --output emoji.png '${url}'`);
});

test("playground saves PNG, SVG and GIF", async () => {
  await using visited = await visit();
  const { page } = visited;
  const starts = { png: "\x89PNG", svg: "<svg", gif: "GIF89a" };
  for (const [format, start] of Object.entries(starts)) {
    const saving = page.waitForEvent("download");
    await page.click(`[data-download="${format}"]`);
    const download = await saving;
    assert.equal(download.suggestedFilename(), `emoji-42.${format}`);
    const text = (await readFile(await download.path())).toString("latin1");
    assert.ok(text.startsWith(start), text.slice(0, 20));
  }
});

test("playground draws the server's bytes itself, and goes on offline", async () => {
  await using visited = await visit();
  const { page } = visited;
  await page.check('[value="wasm"]');
  await page.waitForSelector("#proof.same");
  assert.match(
    await page.textContent("#proof") ?? "",
    /^✓ The server draws the same [\d,]+ bytes$/,
  );
  await page.context().setOffline(true);
  await page.fill("#seed", "43");
  await page.press("#seed", "Enter");
  await drawn(page, "43");
  assert.match(await page.textContent("#caption") ?? "", /in this browser/);

  await page.check('[value="server"]');
  await page.waitForSelector("#alert:not([hidden])");
  assert.match(await page.textContent("#alert") ?? "", /^You are offline\./);
  await page.fill("#seed", "44");
  await page.press("#seed", "Enter");
  await page.waitForSelector("#alert:not([hidden])");
  await page.click("#alert button");
  await drawn(page, "44");
});

test("playground redraws though the form was changed a moment before", async () => {
  await using visited = await visit("?seed=42&size=32&prompt=cat");
  const { page } = visited;
  await page.evaluate(`
    document.querySelector('[name="where"][value="wasm"]').click();
    document.querySelector("#redraw-button").click();
  `);
  await page.waitForSelector('#picture[alt="cat, redrawn, seed 42"]');
});

for (const place of ["server", "wasm"]) {
  test(`playground redraws the picture shown, as the API does (${place})`, async () => {
    await using visited = await visit("?seed=42&size=32&prompt=cat");
    const { page } = visited;
    const before = await page.getAttribute("#picture", "src");
    await page.check(`[name="where"][value="${place}"]`);
    await page.click("#redraw summary");
    await page.focus("#strength");
    await page.keyboard.press("ArrowLeft");
    await page.click("#redraw-button");
    await page.waitForSelector('#picture[alt="cat, redrawn, seed 42"]');
    const after = await page.getAttribute("#picture", "src");
    assert.notEqual(after, before);
    const body = new FormData();
    body.append("seed", "42");
    body.append("prompt", "cat");
    body.append("strength", "0.55");
    const bytes = Uint8Array.fromBase64(before!.split(",")[1]!);
    body.append("image", new Blob([bytes]));
    const response = await fetch(`${site.url}emoji/edits`, {
      method: "POST",
      body,
    });
    assert.equal(response.status, 200);
    assert.equal(after!.split(",")[1], (await response.bytes()).toBase64());
  });
}

test("playground says what is wrong with a parameter", async () => {
  await using visited = await visit();
  const { page } = visited;
  await page.fill("#seed", "1e5");
  await page.press("#seed", "Enter");
  await page.waitForSelector("#alert:not([hidden])");
  assert.match(
    await page.textContent("#alert") ?? "",
    /^seed must be an integer/,
  );
});

test("playground remembers what was drawn", async () => {
  await using visited = await visit("?seed=42&size=64&prompt=cat&steps=5");
  const { page } = visited;
  await page.click("#random");
  await page.waitForSelector("#history li:nth-child(2)");
  await page.reload();
  await page.click('#history img[alt="cat, seed 42"]');
  await page.waitForSelector('#picture[alt="cat, seed 42"]');
  assert.equal(await page.inputValue("#steps"), "5");
  await page.click("#clear");
  assert.equal(await page.locator("#history li").count(), 0);
});

for (const colorScheme of ["light", "dark"] as const) {
  for (
    const viewport of [{ width: 1280, height: 900 }, {
      width: 360,
      height: 740,
    }]
  ) {
    test(`playground has no fault that axe can see, ${colorScheme}, ${viewport.width} pixels wide`, async () => {
      await using visited = await visit(undefined, { colorScheme, viewport });
      const { page } = visited;
      await page.click("form > details:first-of-type summary");
      await page.click("#redraw summary");
      await page.fill("#seed", "1e5");
      await page.press("#seed", "Enter");
      await page.waitForSelector("#alert:not([hidden])");
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate("axe.run()") as axe.AxeResults;
      assert.deepEqual(
        violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]),
        [],
      );
      const overflow = await page.evaluate(() =>
        document.documentElement.scrollWidth - innerWidth
      );
      assert.ok(overflow <= 0, `scrolls sideways by ${overflow} pixels`);
    });
  }
}
