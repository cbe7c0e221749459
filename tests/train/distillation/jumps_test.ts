import assert from "node:assert/strict";
import { distilled } from "../../../train/distillation/distillation.ts";
import { type Jump, jumpSource } from "../../../train/distillation/jumps.ts";
import { studentRun } from "../../../train/distillation/student_run.ts";
import { ddpm } from "../../../train/presets/ddpm.ts";
import { tiny } from "../../../train/presets/tiny.ts";

const run = distilled(tiny, { guidance: 2 });
const shares = Array.from({ length: 64 }, (_, i) => (i + 0.5) / 64);

/** All jumps of the first training steps. */
const batches: Jump[][] = Array.from(
  { length: 60 },
  (_, step) => jumpSource(run)(step, shares),
);

Deno.test("jumpSource() draws all steps of one run in each batch", () => {
  const runs = run.distillation!.steps.map(studentRun(run));
  for (const jumps of batches) {
    const ends = new Map(
      jumps.map(({ level, next }) => [level.sigma, next.sigma]),
    );
    const drawn = runs.find(({ length }) => length === ends.size)!;
    assert.deepEqual(
      [...ends].sort(([a], [b]) => b - a),
      drawn.map(({ level, next }) => [level.sigma, next.sigma]),
    );
  }
});

Deno.test("jumpSource() draws every number of steps", () => {
  const drawn = new Set(
    batches.map((jumps) => new Set(jumps.map(({ level }) => level.sigma)).size),
  );
  assert.equal(drawn.size, new Set(run.distillation!.steps).size);
});

Deno.test("jumpSource() takes the teacher from end to end in falling, bounded steps", () => {
  for (const { level, next, path } of batches.flat()) {
    assert.equal(path[0], level);
    assert.equal(path.at(-1), next);
    for (let k = 1; k < path.length; k++) {
      assert(path[k]!.sigma < path[k - 1]!.sigma);
      if (k < path.length - 1) assert(path[k]!.sigma >= 0.02 - 1e-9);
    }
  }
});

Deno.test("jumpSource() shares a teacher's steps out among the student's", () => {
  for (const jumps of batches) {
    const lengths = new Set(jumps.map(({ path }) => path.length - 1));
    assert.equal(lengths.size, 1);
    const steps = new Set(jumps.map(({ level }) => level.sigma)).size;
    const [substeps] = lengths;
    assert.equal(substeps, Math.max(1, Math.min(8, Math.round(16 / steps))));
  }
});

Deno.test("jumpSource() refuses processes without a Karras grid", () => {
  assert.throws(
    () => jumpSource(distilled(ddpm, { guidance: 1 })),
    /process must be edm/,
  );
});
