import assert from "node:assert/strict";
import { linspace, torchLinspace } from "@emoji/diffusion/schedules";

Deno.test("linspace() includes both ends, and starts at the start if there is one number", () => {
  assert.deepEqual(linspace(0, 1, 5), Float64Array.of(0, 0.25, 0.5, 0.75, 1));
  assert.deepEqual(linspace(3, 9, 1), Float64Array.of(3));
  assert.equal(linspace(0.1, 0.7, 11)[10], 0.7);
});

Deno.test("torchLinspace() has torch's bits", () => {
  // torch.linspace(start, end, n).view(torch.int32).long().sum() on the CPU, by torch 1.13.1 and by torch 2.15.0
  const cases = [
    [1e-4, 0.02, 1000, 1005749913843, 1005749913854],
    [-6, 6, 1100, 789228921, 789227668],
    [0, 1, 7, 6338991445, 6338991445],
  ] as const;
  for (const [start, end, n, old, recent] of cases) {
    for (const [grouped, expected] of [[true, old], [false, recent]] as const) {
      const bits = new Int32Array(
        new Float32Array(torchLinspace(start, end, n, { grouped })).buffer,
      );
      assert.equal(bits.reduce((sum, word) => sum + word, 0), expected);
    }
  }
});
