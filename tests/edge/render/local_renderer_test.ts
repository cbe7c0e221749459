import assert from "node:assert/strict";
import { localRenderer } from "../../../edge/render/local_renderer.ts";

import type { EmojiRequest } from "../../../edge/request/request.ts";
import { fakeEngine, TINY } from "../fixtures.ts";

const request: EmojiRequest = {
  model: "tiny",
  seed: 1,
  n: 1,
  words: [],
  unknown: [],
  steps: 3,
  sampler: "dpmpp-2m",
  eta: 0,
  guidance: 1,
  size: 32,
  resample: "smooth",
  format: "png",
};

Deno.test("localRenderer() draws once for nothing before it is ready", async () => {
  const engine = fakeEngine();
  const renderer = localRenderer(() =>
    Promise.resolve([{ config: TINY.config, engine }])
  );
  await renderer.ready;
  assert.ok(engine.calls > 0);
});

Deno.test("localRenderer() draws what waits for the models instead", async () => {
  const engine = fakeEngine();
  const loading = Promise.withResolvers<void>();
  const renderer = localRenderer(async () => {
    await loading.promise;
    return [{ config: TINY.config, engine }];
  });
  const rendering = renderer.render(request);
  loading.resolve();
  await renderer.ready;
  await rendering;
  assert.equal(engine.calls, request.steps);
});

Deno.test("localRenderer() tells who asks that the models could not be loaded", async () => {
  const renderer = localRenderer(() => Promise.reject(new Error("no model")));
  await assert.rejects(renderer.ready, /no model/);
  await assert.rejects(renderer.render(request), /no model/);
});
