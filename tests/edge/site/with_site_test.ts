import assert from "node:assert/strict";
import type { SiteFile } from "../../../edge/site/site.ts";
import { withSite } from "../../../edge/site/with_site.ts";
import { fakeApp, get, json } from "../fixtures.ts";

/** An app with a file that can be compressed and one that cannot, and how often they were read. */
function fakeSite() {
  const { app } = fakeApp();
  let reads = 0;
  const file = (text: string, compressible: boolean): SiteFile => {
    const bytes = new TextEncoder().encode(text);
    return {
      type: "text/plain",
      tag: String(text.length),
      size: bytes.length,
      immutable: false,
      compressible,
      read: () => {
        reads++;
        return Promise.resolve(bytes);
      },
    };
  };
  const site = withSite(
    app,
    new Map([
      ["/text", file("much ".repeat(1000), true)],
      ["/network", file("numbers", false)],
    ]),
  );
  return { site, reads: () => reads };
}

Deno.test("withSite() compresses for those who accept it, and do not refuse it", async () => {
  const { site } = fakeSite();
  const cases: [accepted: string, encoding: string | null][] = [
    ["gzip", "gzip"],
    ["gzip, deflate, br", "gzip"],
    ["br;q=1.0, GZIP;q=0.5, *;q=0", "gzip"],
    ["gzip ; q=0.001", "gzip"],
    ["", null],
    ["br", null],
    ["gzip;q=0", null],
    ["deflate, gzip; q=0.000, br", null],
    ["identity", null],
  ];
  for (const [accepted, encoding] of cases) {
    const headers = { "accept-encoding": accepted };
    for (const method of ["GET", "HEAD"]) {
      const response = await get(site, "/text", { method, headers });
      assert.equal(
        response.headers.get("content-encoding"),
        encoding,
        accepted,
      );
      const length = Number(response.headers.get("content-length"));
      assert.equal(length < 5000, encoding === "gzip", accepted);
      await response.body?.cancel();
    }
  }
});

Deno.test("withSite() answers HEAD with a file's length and does not read it", async () => {
  const { site, reads } = fakeSite();
  const head = await get(site, "/network", { method: "HEAD" });
  assert.equal(head.headers.get("content-length"), "7");
  assert.equal(reads(), 0);
  const whole = await get(site, "/network");
  assert.deepEqual([...head.headers], [...whole.headers]);
  assert.equal(await whole.text(), "numbers");
});

Deno.test("withSite() answers 405 to methods that files do not have, and preflights", async () => {
  const { site } = fakeSite();
  for (const method of ["POST", "PUT", "DELETE"]) {
    const response = await get(site, "/network", { method });
    assert.equal(response.status, 405, method);
    assert.equal(response.headers.get("allow"), "GET, HEAD, OPTIONS");
    assert.equal((await json(response)).type, "/docs#method-not-allowed");
  }
  const preflight = await get(site, "/network", { method: "OPTIONS" });
  assert.equal(preflight.status, 204);
});
