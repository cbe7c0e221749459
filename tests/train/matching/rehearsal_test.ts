import assert from "node:assert/strict";
import { distilled } from "../../../train/distillation/distillation.ts";
import { rehearsalSource } from "../../../train/matching/rehearsal.ts";
import { studentRun } from "../../../train/distillation/student_run.ts";
import { emoji64 } from "../../../train/presets/emoji_64.ts";
import { tiny } from "../../../train/presets/tiny.ts";
import { upsampler } from "../../../train/presets/upsampler.ts";
import { enlarging } from "../../../train/upsampling/upsampling.ts";

const config = distilled(tiny, { guidance: 2, matching: { guidance: 1 } });
const VALUES = 64;
const draw = rehearsalSource(config, VALUES)!;
const { batch } = config;

Deno.test("rehearsalSource() is there for distribution matching alone", () => {
  const plain = distilled(tiny, { guidance: 2 });
  assert.equal(rehearsalSource(plain, VALUES), undefined);
  assert.equal(rehearsalSource(tiny, VALUES), undefined);
});

Deno.test("rehearsalSource() gives parts of a batch the numbers of the whole", () => {
  for (let step = 0; step < 20; step++) {
    const whole = draw(step, 0, batch);
    assert.deepEqual(draw(step, 0, batch), whole);
    const half = draw(step, batch / 2, batch);
    const from = VALUES * batch / 2;
    assert.deepEqual(half.start, whole.start.subarray(from));
    assert.equal(half.steps.length, whole.steps.length);
    half.steps.forEach(({ noise, keep }, k) => {
      assert.equal(keep, whole.steps[k]!.keep);
      assert.deepEqual(noise, whole.steps[k]!.noise.subarray(from));
    });
    half.trials.forEach(({ at, noise }, k) => {
      assert.deepEqual(at.sigma, whole.trials[k]!.at.sigma.subarray(batch / 2));
      assert.deepEqual(noise, whole.trials[k]!.noise.subarray(from));
    });
  }
});

Deno.test("rehearsalSource() draws every step of every run, with noise of the run's deviations", () => {
  const numbers = [...new Set(config.distillation!.matching!.steps)];
  const kept = (steps: number) =>
    studentRun(config)(steps).map(({ level, next }) =>
      next.sigma / level.sigma
    );
  const all = numbers.flatMap((steps) =>
    kept(steps).map((_, k) => kept(steps).slice(0, k + 1).join())
  );
  const drawn = new Set<string>();
  let squares = 0;
  for (let step = 0; step < 400; step++) {
    const { start, steps } = draw(step, 0, 2);
    drawn.add(steps.map(({ keep }) => keep).join());
    for (const z of start) squares += (z / 80) ** 2 / (400 * 2 * VALUES);
  }
  assert.deepEqual([...drawn].sort(), [...new Set(all)].sort());
  assert(Math.abs(squares - 1) < 0.02);
});

Deno.test("rehearsalSource() judges pictures at levels no noisier than where their step began, all of them", () => {
  const farthest = new Map<number, number>();
  for (let step = 0; step < 200; step++) {
    const { steps, trials } = draw(step, 0, batch);
    // What is told of EDM's levels is ln(sigma)/4.
    const from = Math.exp(4 * steps.at(-1)!.at.told[0]!);
    const most = Math.max(...trials[0]!.at.sigma);
    assert(most < from * (1 + 1e-6), `${most} ${from}`);
    const key = Math.round(1e3 * from);
    farthest.set(key, Math.max(farthest.get(key) ?? 0, most / from));
  }
  for (const [key, share] of farthest) {
    if (key < 10e3) assert(share > 0.7, `${key / 1e3}: ${share}`);
  }
});

Deno.test("rehearsalSource() draws whole runs of the model whose pictures an upsampler enlarges", () => {
  const config = enlarging(
    { ...upsampler, batch: 8 },
    { width: 2 },
    { judge: emoji64.network },
  );
  const { matching } = config.upsample!;
  const draw = rehearsalSource(config, 4 * VALUES)!;
  const logs: number[] = [];
  const lengths = new Set<number>();
  for (let step = 0; step < 40; step++) {
    const { start, steps, trials } = draw(step, 0, 8);
    lengths.add(steps.length);
    assert.equal(start.length, 8 * VALUES);
    assert.equal(steps[0]!.features.length, 8 * matching!.features);
    const last = steps.at(-1)!;
    assert.deepEqual([last.keep, last.noise.length], [0, 0]);
    assert.equal(steps[0]!.noise.length, 8 * VALUES);
    for (const { at, noise } of trials) {
      assert.equal(noise.length, 8 * 4 * VALUES);
      logs.push(...[...at.sigma].map(Math.log));
    }
  }
  assert.deepEqual([...lengths].sort((a, b) => a - b), [4, 8, 16]);
  const mean = logs.reduce((a, b) => a + b) / logs.length;
  const { levels } = matching!;
  assert(levels.type === "log-normal");
  assert(Math.abs(mean - levels.mean) < 0.1, `${mean}`);
});

Deno.test("rehearsalSource() has the critic learn at the levels of the teacher's training", () => {
  const logs = Array.from(
    { length: 50 },
    (_, step) => [...draw(step, 0, batch).trials[1]!.at.sigma].map(Math.log),
  ).flat();
  const mean = logs.reduce((a, b) => a + b) / logs.length;
  const variance = logs.reduce((sum, x) => sum + (x - mean) ** 2, 0) /
    logs.length;
  const { levels } = config.objective;
  assert(levels.type === "log-normal");
  assert(Math.abs(mean - levels.mean) < 0.1);
  assert(Math.abs(Math.sqrt(variance) - levels.std) < 0.1);
});
