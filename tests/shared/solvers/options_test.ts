import {
  ddim,
  ddimInverse,
  dpm2,
  dpmAdaptive,
  dpmFast,
  dpmpp,
  dpmpp2sAncestral,
  dpmppSde,
  dpmppSinglestep,
  euler,
  eulerAncestral,
  sample,
} from "@emoji/diffusion";
import { karrasLevels } from "@emoji/diffusion/steps";
import assert from "node:assert/strict";

Deno.test("solvers refuse an endless eta", () => {
  for (
    const make of [
      ddim,
      dpm2,
      dpmAdaptive,
      dpmFast,
      dpmpp,
      dpmpp2sAncestral,
      dpmppSde,
      dpmppSinglestep,
      eulerAncestral,
    ]
  ) {
    for (const eta of [Infinity, NaN, -1]) {
      assert.throws(() => make({ eta }), {
        name: "RangeError",
        message:
          `Cannot make a solver as eta must be finite and in [0, Infinity]: current value is ${eta}`,
      });
    }
  }
});

Deno.test("ddimInverse() and dpmAdaptive() take whole numbers of iterations and orders", () => {
  for (const iterations of [Infinity, 1.5, 0]) {
    assert.throws(
      () => ddimInverse({ iterations }),
      new RegExp(
        `iterations must be an integer >= 1: current value is ${iterations}`,
      ),
    );
  }
  assert.throws(
    () => dpmAdaptive({ order: 2.5 as 2 }),
    /order must be an integer from 2 to 3: current value is 2.5/,
  );
});

Deno.test("euler() takes an endless churn for the most that a step may have", async () => {
  const run = (amount: number) =>
    sample((x) => x.map((value) => value / 2), {
      levels: karrasLevels(4),
      solver: euler({ churn: { amount } }),
      size: 4,
      seeds: [1],
    });
  assert.deepEqual(await run(Infinity), await run(4));
  for (const amount of [NaN, -1]) {
    assert.throws(() => euler({ churn: { amount } }), /churn.amount must be/);
  }
});
