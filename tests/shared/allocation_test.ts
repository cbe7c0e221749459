import {
  ddim,
  dpmpp2m,
  edm,
  euler,
  fromEpsilon,
  sample,
} from "@emoji/diffusion";
import { karrasLevels } from "@emoji/diffusion/steps";
import assert from "node:assert/strict";

/** Counts every array made of it, by `new` or by a method of another. */
class Counted extends Float64Array {
  static count = 0;
  constructor(length: number) {
    super(length);
    Counted.count++;
  }
}

Deno.test("sample() makes at most two arrays a step", async () => {
  const output = new Counted(64);
  for (const solver of [ddim(), euler(), dpmpp2m()]) {
    for (const from of [fromEpsilon<Float64Array>, edm<Float64Array>]) {
      const arrays = async (steps: number) => {
        const before = Counted.count;
        const start = new Counted(64).fill(1);
        await sample(from(() => output), {
          levels: karrasLevels(steps),
          solver,
          size: 64,
          start,
        });
        return Counted.count - before;
      };
      assert.ok(
        await arrays(20) - await arrays(10) <= 20,
        `${solver.name} ${from.name}`,
      );
    }
  }
});
