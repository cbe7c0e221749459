import assert from "node:assert/strict";
import { defaultWorkers } from "../../train/backend.ts";

Deno.test("defaultWorkers() is one a core as far as the batch divides, one for a GPU", () => {
  const cases: [batch: number, cores: number, workers: number][] = [
    [128, 2, 2],
    [128, 12, 8],
    [8, 16, 8],
    [128, 96, 64],
    [7, 4, 1],
  ];
  for (const [batch, cores, workers] of cases) {
    assert.equal(defaultWorkers("native", { batch }, cores), workers);
  }
  const parts = { batch: 128, accumulation: 16 };
  assert.equal(defaultWorkers("native", parts, 12), 8);
  assert.equal(defaultWorkers("native", { batch: 9, accumulation: 2 }, 4), 1);
  assert.equal(defaultWorkers("webgpu", { batch: 128 }, 12), 1);
});
