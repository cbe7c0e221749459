import assert from "node:assert/strict";
import { defaultWorkers } from "../../train/backend.ts";

Deno.test("defaultWorkers() is one a core as far as the batch divides, one for a GPU", () => {
  const cases: [batch: number, cores: number, workers: number][] = [
    [128, 2, 2],
    [128, 12, 8],
    [8, 16, 8],
    [128, 96, 64],
    [7, 4, 1],
    [4.5, 4, 1],
  ];
  for (const [batch, cores, workers] of cases) {
    assert.equal(defaultWorkers("native", batch, cores), workers);
  }
  assert.equal(defaultWorkers("webgpu", 128, 12), 1);
});
