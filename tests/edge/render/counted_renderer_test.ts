import assert from "node:assert/strict";
import { encodePng } from "@emoji/diffusion/png";
import type { Renderer } from "../../../edge/render/renderer.ts";
import { fakeApp, get } from "../fixtures.ts";

/** A renderer whose every run takes a second in the network. */
const renderer: Renderer = {
  ready: Promise.resolve(),
  render: () =>
    Promise.resolve({
      bytes: new Uint8Array(1),
      timings: { network: 1000, sampler: 0, encode: 0 },
    }),
  close: () => Promise.resolve(),
};

Deno.test("countedRenderer() counts a run once, whoever asked for it and however many share it", async () => {
  const picture = { width: 32, height: 32, rgba: new Uint8Array(4 * 32 * 32) };
  const { app } = fakeApp({
    renderer,
    decode: () => Promise.resolve(picture),
  });
  const body = new FormData();
  body.set("image", new Blob([encodePng(picture)]), "x.png");
  const answers = await Promise.all([
    ...Array.from({ length: 5 }, () => get(app, "/emoji?seed=1")),
    get(app, "/emoji/stream?seed=1"),
    get(app, "/emoji/edits", { method: "POST", body }),
  ]);
  for (const answer of answers) {
    assert.equal(answer.status, 200, answer.url);
    await answer.bytes();
  }
  const text = await (await get(app, "/metrics")).text();
  assert.match(text, /^emoji_pictures_total 3$/m);
  assert.match(text, /^emoji_network_seconds_total 3$/m);
});

Deno.test("countedRenderer() counts every picture of a sheet, and nothing that failed", async () => {
  const { app } = fakeApp({
    renderer: {
      ...renderer,
      render: (request, options) =>
        request.seed === "bad"
          ? Promise.reject(new Error("no"))
          : renderer.render(request, options),
    },
    onError() {},
  });
  assert.equal((await get(app, "/emoji?seed=1&n=4")).status, 200);
  assert.equal((await get(app, "/emoji?seed=bad")).status, 500);
  const text = await (await get(app, "/metrics")).text();
  assert.match(text, /^emoji_pictures_total 4$/m);
});
