import assert from "node:assert/strict";
import type { Trial } from "../../train/metrics/trials.ts";
import { runTrain, tinyEvaluation } from "./metrics/tiny_evaluation.ts";

Deno.test("sweep tries every combination once and goes on where it was", async () => {
  const { dir, clean } = await tinyEvaluation();
  const out = `${dir}/sweep.jsonl`;
  const sweep = async (...args: string[]) => {
    const lists = ["--guidance", "1,2", "--sigma-min", "0.1,0.4"];
    const { code, stderr } = await runTrain(
      "sweep",
      dir,
      ...["--samples", "12", "--out", out, ...lists, ...args],
    );
    assert.equal(code, 0, stderr);
    const lines = (await Deno.readTextFile(out)).trimEnd().split("\n");
    return { stderr, lines, trials: lines.map((l): Trial => JSON.parse(l)) };
  };
  try {
    const first = await sweep("--steps", "2");
    assert.deepEqual(
      first.trials.map(({ steps, guidance, sigmaMin }) => [
        steps,
        guidance,
        sigmaMin,
      ]),
      [[2, 1, 0.1], [2, 1, 0.4], [2, 2, 0.1], [2, 2, 0.4]],
    );
    const distances = first.trials.map((trial) => trial.distances.random.fd);
    assert.equal(new Set(distances).size, 4);

    const second = await sweep("--steps", "2,3");
    assert.deepEqual(second.lines.slice(0, 4), first.lines);
    assert.equal(second.lines.length, 8);
    assert.match(second.stderr, /best of each number of steps/);
    assert.match(second.stderr, /real held-out/);
  } finally {
    await clean();
  }
});
