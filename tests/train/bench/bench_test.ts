import assert from "node:assert/strict";
import { dirname } from "node:path";
import { runTrainTask } from "../train_task.ts";

const data = await Deno.makeTempDir();
globalThis.addEventListener("unload", () => {
  Deno.removeSync(data, { recursive: true });
});

const TINY = ["--bench", "--preset", "tiny", "--data", data];

Deno.test("train --bench measures one worker and all of them, in columns", async () => {
  const { code, stderr } = await runTrainTask([
    ...TINY,
    ...["--backend", "wasm", "--workers", "2", "--batch-size", "8"],
  ]);
  assert.equal(code, 0, stderr);
  const rows = stderr.split("\n").filter((line) =>
    /^(backend|wasm) /.test(line)
  );
  assert.equal(rows.length, 3, stderr);
  const [header, ...measured] = rows.map((line) => line.split(/\s+/));
  assert.deepEqual(header!.slice(0, 5), [
    ...["backend", "precision", "workers", "images/s", "GFLOPS"],
  ]);
  for (const [i, [, precision, workers, speed, gflops]] of measured.entries()) {
    assert.deepEqual([precision, workers], ["float32", String(i + 1)]);
    assert(Number(speed) > 0 && Number(gflops) > 0, stderr);
  }
  const ends = rows.map((line) => line.length);
  assert.deepEqual(ends, [ends[0], ends[0], ends[0]]);
  assert.match(stderr, /TensorFlow.js .* WASM/);
});

Deno.test("train --bench says in one line why a backend is not there", async () => {
  const { code, stderr } = await runTrainTask(
    [...TINY, "--backend", "native", "--batch-size", "8"],
    { PATH: dirname(Deno.execPath()), VIRTUAL_ENV: "", LIBTENSORFLOW: "" },
  );
  assert.equal(code, 0, stderr);
  const reasons = stderr.split("\n").filter((line) => /^native /.test(line));
  assert.equal(reasons.length, 1, stderr);
  assert.match(reasons[0]!, /Cannot open the native backend.*pip install/);
});

Deno.test("train --bench measures no precision that a backend has not", async () => {
  const { code, stderr } = await runTrainTask([
    ...TINY,
    ...["--backend", "wasm", "--precision", "bfloat16"],
  ]);
  assert.equal(code, 0, stderr);
  assert.deepEqual(stderr.match(/^wasm.*$/gm), ["wasm     has no bfloat16"]);
});
