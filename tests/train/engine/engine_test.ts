import assert from "node:assert/strict";
import { findTensorflow } from "../../../train/native/library.ts";
import { checkpointVectors } from "../../../train/engine/memory.ts";
import {
  largestDifference,
  tinyDataset,
  tinyEngine,
  tinyRun,
} from "../tiny_run.ts";

const native = findTensorflow() !== undefined;

function copyVectors(vectors: Record<string, Float32Array>) {
  return Object.fromEntries(
    Object.entries(vectors).map(([name, vector]) => [name, vector.slice()]),
  );
}

for (const backend of ["wasm", "native"] as const) {
  const ignore = backend === "native" && !native;
  const suffix = ignore ? " (ignored: no TensorFlow library)" : "";

  Deno.test({
    name:
      `train() resumed is bit-identical to uninterrupted on ${backend}${suffix}`,
    ignore,
    async fn() {
      const { dir, dataset, clean } = await tinyDataset();
      const whole = await tinyEngine(dir, dataset, { backend, workers: 2 });
      const first = await tinyEngine(dir, dataset, { backend, workers: 2 });
      await whole.train(0, 6);
      await first.train(0, 3);
      const saved = copyVectors(checkpointVectors(first.memory, tinyRun));
      first.close();

      const second = await tinyEngine(dir, dataset, { backend, workers: 2 });
      const targets = checkpointVectors(second.memory, tinyRun);
      for (const [name, vector] of Object.entries(saved)) {
        targets[name]!.set(vector);
      }
      await second.train(3, 6);
      assert.deepEqual(
        copyVectors(checkpointVectors(second.memory, tinyRun)),
        copyVectors(checkpointVectors(whole.memory, tinyRun)),
      );
      whole.close();
      second.close();
      await clean();
    },
  });
}

Deno.test("train() gives the loss and gradient of one worker when two share the batch", async () => {
  const { dir, dataset, clean } = await tinyDataset();
  const one = await tinyEngine(dir, dataset);
  const two = await tinyEngine(dir, dataset, { workers: 2 });
  const a = await one.train(0, 1);
  const b = await two.train(0, 1);
  assert(Math.abs(a.losses[0]! / b.losses[0]! - 1) < 1e-5);
  assert(Math.abs(a.norms[0]! / b.norms[0]! - 1) < 1e-4);
  one.close();
  two.close();
  await clean();
});

Deno.test({
  name: `losses of native and wasm agree to 1e-3 over 200 steps${
    native ? "" : " (ignored: no TensorFlow library)"
  }`,
  ignore: !native,
  async fn() {
    const { dir, dataset, clean } = await tinyDataset();
    const wasm = await tinyEngine(dir, dataset);
    const other = await tinyEngine(dir, dataset, { backend: "native" });
    const a = await wasm.train(0, 200);
    const b = await other.train(0, 200);
    assert(largestDifference(a.losses, b.losses) < 1e-3);
    wasm.close();
    other.close();
    await clean();
  },
});

Deno.test("train() lowers the loss and keeps the number of tensors", async () => {
  const { dir, dataset, clean } = await tinyDataset();
  const engine = await tinyEngine(dir, dataset);
  const early = await engine.train(0, 20);
  const late = await engine.train(20, 150);
  const mean = (v: number[]) => v.reduce((a, b) => a + b, 0) / v.length;
  assert(mean(late.losses.slice(-50)) < 0.8 * mean(early.losses));
  assert.equal(late.tensors, early.tensors);
  engine.close();
  await clean();
});

Deno.test("train() stops at a loss that is not finite and leaves the weights alone", async () => {
  const { dir, dataset, clean } = await tinyDataset();
  const engine = await tinyEngine(dir, dataset);
  engine.memory.weights[0] = NaN;
  const before = engine.memory.weights.slice();
  const { losses } = await engine.train(0, 5);
  assert.equal(losses.length, 1);
  assert(Number.isNaN(losses[0]));
  assert.deepEqual(engine.memory.weights.slice(), before);
  engine.close();
  await clean();
});

Deno.test("openEngine() refuses a batch that does not divide by the workers", async () => {
  const { dir, dataset, clean } = await tinyDataset();
  await assert.rejects(
    tinyEngine(dir, dataset, { workers: 3 }),
    /--batch-size must divide by --workers \(3\): current value is 8/,
  );
  await clean();
});
