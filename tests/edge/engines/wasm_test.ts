import assert from "node:assert/strict";
import { wasmEngine } from "../../../edge/engines/wasm.ts";
import { renderWith } from "../../../edge/render/local_renderer.ts";
import type { EmojiRequest } from "../../../edge/request/request.ts";
import { TINY } from "../fixtures.ts";
import { drawPlanes } from "@emoji/diffusion/model-sampler";

const request: EmojiRequest = {
  model: "tiny",
  seed: 42,
  n: 1,
  words: ["cat"],
  unknown: [],
  steps: 10,
  sampler: "dpmpp-2m",
  eta: 0,
  guidance: 2,
  size: 32,
  resample: "smooth",
  format: "png",
};

Deno.test("wasmEngine() draws the same bytes twice, after a restart, and on every machine", async () => {
  const hashes: string[] = [];
  for (let restart = 0; restart < 2; restart++) {
    const engine = await wasmEngine(TINY.config, TINY.onnx);
    for (let i = 0; i < 2; i++) {
      const { bytes } = await renderWith(
        { config: TINY.config, engine },
        request,
      );
      hashes.push(
        new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex(),
      );
    }
    await engine.release();
  }
  assert.equal(new Set(hashes).size, 1);
  assert.equal(
    hashes[0],
    "6b2d1dba0ec81a922c715ad568b16ef7368a808469f5e3f94165aec33cdc3e1a",
  );
});

Deno.test("wasmEngine() draws a picture of a batch of 8 as it draws it alone", async () => {
  const { config } = TINY;
  const engine = await wasmEngine(config, TINY.onnx);
  const seeds = [0, 1, 2, 3, "four", 5, 6, 7];
  const condition = seeds.map((_, i) =>
    i % 2 === 0 ? { style: "noto" } : { words: ["red", "cat"] }
  );
  const batch = await drawPlanes(config, engine.network, { seeds, condition });
  for (const [k, seed] of seeds.entries()) {
    const alone = await drawPlanes(config, engine.network, {
      seeds: [seed],
      condition: condition[k]!,
    });
    assert.deepEqual(batch.slice(4096 * k, 4096 * (k + 1)), alone);
  }
  await engine.release();
});

Deno.test("wasmEngine() refuses bytes that are no network", async () => {
  await assert.rejects(wasmEngine(TINY.config, new Uint8Array([1, 2, 3])));
});
