import assert from "node:assert/strict";
import { sample } from "@emoji/diffusion";
import { planSampling } from "@emoji/diffusion/model-sampler";
import { philoxNoise } from "@emoji/diffusion/random";
import { distilled } from "../../../train/distillation/distillation.ts";
import { studentRun } from "../../../train/distillation/student_run.ts";
import { samplingDefaults } from "../../../train/model_config.ts";
import { tiny } from "../../../train/presets/tiny.ts";

const config = distilled(tiny, { guidance: 2 });
const { process } = config.objective;
const runOf = studentRun(config);

Deno.test("studentRun() goes where the exported model's sampler does", async () => {
  const size = 3;
  const clean = (x: Float32Array, sigma: number) =>
    x.map((value) => value / (1 + sigma ** 2));
  for (const steps of [1, 2, 3, 4, 8, 50]) {
    const plan = planSampling(
      { process, sampling: samplingDefaults(config) },
      { steps },
    );
    const run = runOf(steps);
    assert.equal(run.length, steps);
    const drawn = await sample(
      (x, { sigma }) => ({ kind: "x0", x0: clean(x, sigma) }) as never,
      {
        levels: plan.levels,
        size,
        noise: [philoxNoise(7)],
        solver: plan.solver,
      },
    );
    const random = philoxNoise(7);
    const noise = new Float32Array(size);
    random.normal(noise);
    let at = noise.map((z) => run[0]!.level.sigma * z);
    for (const { level, next, added } of run) {
      const x0 = clean(at, level.sigma);
      const kept = next.sigma / level.sigma;
      if (added > 0) random.normal(noise);
      at = at.map((x, i) => x0[i]! + kept * (x - x0[i]!) + added * noise[i]!);
    }
    at.forEach((value, i) => assert(Math.abs(value - drawn[i]!) < 1e-5));
  }
});

Deno.test("studentRun() has the level after a step whole: what is kept and what is added", () => {
  const run = runOf(6);
  run.forEach(({ next, added }, k) => {
    const sigma = run[k + 1]?.level.sigma ?? 0;
    assert(Math.abs(Math.hypot(next.sigma, added) - sigma) < 1e-9);
  });
  assert(run.slice(0, -1).every(({ added }) => added > 0));
  assert(runOf(2).every(({ added }) => added === 0));
});
