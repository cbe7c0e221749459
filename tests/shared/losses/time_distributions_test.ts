import assert from "node:assert/strict";
import {
  logitNormalTime,
  modeTime,
  uniformTimestep,
} from "@emoji/diffusion/losses";

Deno.test("logitNormalTime() has the median 1 / (1 + e^-mean)", () => {
  assert.equal(logitNormalTime()(0.5), 0.5);
  assert.ok(
    Math.abs(logitNormalTime({ mean: 1 })(0.5) - 1 / (1 + Math.exp(-1))) <
      1e-15,
  );
  for (let i = 1; i < 100; i++) {
    assert.ok(
      logitNormalTime({ std: 0.7 })(i / 100) <
        logitNormalTime({ std: 0.7 })((i + 0.5) / 100),
    );
  }
});

Deno.test("modeTime() spans [0, 1] one to one and is uniform at scale 0", () => {
  for (const scale of [-1, 0, 1.29, 2 / (Math.PI - 2)]) {
    const time = modeTime(scale);
    assert.equal(time(0), 1);
    assert.ok(Math.abs(time(1)) < 1e-15);
    for (let i = 1; i < 100; i++) {
      assert.ok(time(i / 100) < time((i - 1) / 100));
    }
  }
  assert.ok(Math.abs(modeTime(0)(0.3) - 0.7) < 1e-15);
  assert.throws(() => modeTime(2), /'scale' must be/);
});

Deno.test("uniformTimestep() covers 0 to T - 1 evenly", () => {
  const timestep = uniformTimestep(4);
  assert.deepEqual([0.1, 0.3, 0.6, 0.99, 1].map(timestep), [0, 1, 2, 3, 3]);
});
