import assert from "node:assert/strict";
import { choosePrecision, defaultWorkers } from "../../train/backend.ts";
import { emoji } from "../../train/presets/emoji.ts";
import { emojiNotebook } from "../../train/presets/emoji_notebook.ts";

const { network } = emoji;

Deno.test("defaultWorkers() is one a core as far as the batch divides, one for a GPU", () => {
  const cases: [batch: number, cores: number, workers: number][] = [
    [128, 2, 2],
    [128, 12, 8],
    [8, 16, 8],
    [128, 96, 64],
    [7, 4, 1],
  ];
  for (const [batch, cores, workers] of cases) {
    assert.equal(defaultWorkers("native", { batch, network }, cores), workers);
  }
  const parts = { batch: 128, accumulation: 16, network };
  assert.equal(defaultWorkers("native", parts, 12), 8);
  const odd = { batch: 9, accumulation: 2, network };
  assert.equal(defaultWorkers("native", odd, 4), 1);
  assert.equal(defaultWorkers("webgpu", { batch: 128, network }, 12), 1);
});

Deno.test("defaultWorkers() is one where batch norm would see slices of one picture", () => {
  assert.equal(defaultWorkers("native", emojiNotebook, 8), 1);
});

Deno.test("choosePrecision() refuses bfloat16 where it would be float32", () => {
  assert.throws(
    () => choosePrecision("bfloat16", "wasm"),
    /Cannot compute in bfloat16 as the backend must be native: current value is wasm/,
  );
  assert.equal(choosePrecision("bfloat16", "native"), "bfloat16");
});
