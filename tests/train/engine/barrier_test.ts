import assert from "node:assert/strict";
import { barrier, closeBarrier } from "../../../train/engine/barrier.ts";

const WORKER = `
  import { barrier } from ${
  JSON.stringify(import.meta.resolve("../../../train/engine/barrier.ts"))
};
  self.onmessage = ({ data: words }) => {
    try {
      barrier(words, 2);
      self.postMessage("passed");
    } catch (error) {
      self.postMessage(error.message);
    }
  };
`;

/** A thread that waits for a second one, and what it says then. */
function waitApart(
  words: Int32Array,
): { worker: Worker; said: Promise<string> } {
  const url = URL.createObjectURL(
    new Blob([WORKER], { type: "text/javascript" }),
  );
  const worker = new Worker(url, { type: "module" });
  const said = new Promise<string>((resolve) => {
    worker.onmessage = ({ data }) => resolve(data);
  });
  worker.postMessage(words);
  return { worker, said };
}

async function oneWaits(words: Int32Array): Promise<void> {
  while (Atomics.load(words, 0) === 0) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

Deno.test("barrier() lets all pass when the last has come", async () => {
  const words = new Int32Array(new SharedArrayBuffer(12));
  const { worker, said } = waitApart(words);
  await oneWaits(words);
  barrier(words, 2);
  assert.equal(await said, "passed");
  worker.terminate();
});

Deno.test("closeBarrier() frees who waits for one that will not come", async () => {
  const words = new Int32Array(new SharedArrayBuffer(12));
  const { worker, said } = waitApart(words);
  await oneWaits(words);
  closeBarrier(words);
  assert.equal(await said, "Cannot go on as another worker has ended");
  worker.terminate();
  assert.throws(() => barrier(words, 2), /another worker has ended/);
});
