import assert from "node:assert/strict";
import { readConfig } from "../../../edge/config.ts";
import { RateLimiter } from "../../../edge/guards/rate_limiter.ts";
import { clientOf } from "../../../edge/hosts/app_settings.ts";
import { clientKey } from "../../../edge/hosts/client_key.ts";
import { createWorker } from "../../../edge/hosts/workers.ts";
import { TINY } from "../fixtures.ts";

Deno.test("clientKey() is the first 64 bits of an IPv6 address, however it is written", () => {
  for (
    const address of [
      "2001:db8::1",
      "2001:db8::ffff:1",
      "2001:DB8:0:0:1:2:3:4",
      "2001:0db8::192.0.2.1",
      "2001:db8::1%eth0",
      "[2001:db8::2]",
      "[2001:db8::3]:443",
    ]
  ) assert.equal(clientKey(address), "2001:db8:0:0::/64", address);
  assert.equal(clientKey("2001:db8:0:1::"), "2001:db8:0:1::/64");
  assert.equal(clientKey("2001::1:0:0:0:1"), "2001:0:0:1::/64");
  assert.equal(clientKey("::1"), "0:0:0:0::/64");
});

Deno.test("clientKey() is a whole IPv4 address, in an IPv6 one too", () => {
  for (
    const address of [
      "192.0.2.77",
      "192.0.2.77:8080",
      "::ffff:192.0.2.77",
      "::FFFF:c000:24d",
      "[::ffff:192.0.2.77]:8080",
    ]
  ) assert.equal(clientKey(address), "192.0.2.77", address);
});

Deno.test("clientKey() leaves what is no address as it is", () => {
  for (const text of ["", "unknown", "a:b", "::g", "unix:/run/socket", ":"]) {
    assert.equal(clientKey(text), text);
  }
});

Deno.test("clientOf() and Workers count addresses of one network together", async () => {
  const addresses = Array.from({ length: 5 }, (_, k) => `2001:db8::${k + 1}`);
  const limiter = new RateLimiter({ burst: 4, perSecond: 1, now: () => 0 });
  const direct = readConfig(() => undefined, { modelsDir: "" });
  const behind = { ...direct, trustProxy: true };
  const headers = (name: string, address: string) =>
    new Headers({ [name]: `192.0.2.1, ${address}` });
  for (const address of addresses.slice(0, 4)) {
    limiter.take(clientOf(new Headers(), address, direct));
  }
  const forwarded = headers("x-forwarded-for", addresses[4]!);
  assert.throws(
    () => limiter.take(clientOf(forwarded, "", behind)),
    /Cannot draw now/,
  );

  const networks = {
    get "model.onnx"(): ArrayBuffer {
      throw new Error("HEAD needs none");
    },
  };
  const worker = createWorker({
    ort: {} as WebAssembly.Module,
    codecs: {} as Parameters<typeof createWorker>[0]["codecs"],
    models: [{ configText: TINY.configText, networks }],
  });
  const statuses = [];
  for (const address of addresses) {
    const { status } = await worker.fetch(
      new Request("http://localhost/emoji?seed=1", {
        method: "HEAD",
        headers: { "cf-connecting-ip": address },
      }),
      { RATE: "1" },
      { waitUntil() {} },
    );
    statuses.push(status);
  }
  assert.deepEqual(statuses, [200, 200, 200, 200, 429]);
});
