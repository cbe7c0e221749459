import assert from "node:assert/strict";
import type { SiteFile } from "../../../edge/site/site.ts";
import { withSite } from "../../../edge/site/with_site.ts";
import { fakeApp, get, json } from "../fixtures.ts";

/** Text of many slices, which gzip cannot make small. */
const LARGE = Array.from(
  { length: 100_000 },
  (_, k) => Math.imul(k, 2654435761) >>> 0,
).join();

/** An app with a file that can be compressed and others that cannot, and how often they were read. */
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
      read(start, end) {
        reads++;
        return Promise.resolve(bytes.slice(start, end));
      },
    };
  };
  const site = withSite(
    app,
    new Map([
      ["/text", file("much ".repeat(1000), true)],
      ["/network", file("numbers", false)],
      ["/large", file(LARGE, false)],
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

Deno.test("withSite() reads no more of a file than a client does", async () => {
  const { site, reads } = fakeSite();
  const responses = await Promise.all(
    Array(10).keys().map(() => get(site, "/large")),
  );
  assert.ok(reads() <= 2 * responses.length, `${reads()} slices`);
  for (const { headers } of responses) {
    assert.equal(headers.get("content-length"), String(LARGE.length));
  }
  const [first, ...others] = responses;
  assert.equal(await first!.text(), LARGE);
  for (const { body } of others) await body!.cancel();
  assert.ok(reads() < 20 + LARGE.length / 2 ** 15, `${reads()} slices`);
});

Deno.test("withSite() fails before there is an answer where a file cannot be read", async () => {
  const { app } = fakeApp();
  const lost = new Error("no file");
  const site = withSite(
    app,
    new Map([["/lost", {
      type: "text/plain",
      tag: "lost",
      size: 10,
      immutable: false,
      compressible: true,
      read: () => Promise.reject(lost),
    }]]),
  );
  for (const accepted of ["gzip", "identity"]) {
    const headers = { "accept-encoding": accepted };
    await assert.rejects(get(site, "/lost", { headers }), lost);
  }
});

Deno.test("withSite() tells a server the lengths of its files", async () => {
  const { site } = fakeSite();
  await using server = Deno.serve(
    { port: 0, onListen() {} },
    (request) => site.fetch(request),
  );
  for (const path of ["/large", "/network"]) {
    const response = await fetch(`http://localhost:${server.addr.port}${path}`);
    const length = Number(response.headers.get("content-length"));
    assert.equal((await response.text()).length, length);
    assert.ok(length > 0);
  }
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
