import assert from "node:assert/strict";
import { findTensorflow } from "../../../train/native/library.ts";

/** Bytes by which a process may grow; garbage that waits to be collected is a part, most of all where tensors live in JavaScript's own memory. */
const MOST_GROWTH = { native: 40e6, wasm: 120e6 } as const;
/** Parts of the run in which libraries, compilers and heaps come to their size. */
const WARM_UP = 8;

const program = new URL("./memory_run.ts", import.meta.url).href;

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

for (const backend of ["native", "wasm"] as const) {
  const ignore = backend === "native" && !findTensorflow();
  const suffix = ignore ? " (ignored: no TensorFlow library)" : "";
  Deno.test({
    name:
      `train() keeps tensors and memory flat over 2,000 steps on ${backend}${suffix}`,
    ignore,
    async fn() {
      const { stdout } = await new Deno.Command(Deno.execPath(), {
        args: [
          ...["run", "--no-check", "-A", "--v8-flags=--max-semi-space-size=2"],
          ...[program, backend],
        ],
        stderr: "null",
      }).output();
      const { rss, tensors } = JSON.parse(new TextDecoder().decode(stdout));
      assert.deepEqual(new Set(tensors), new Set([tensors[0]]));
      const growth = median(rss.slice(-5)) -
        median(rss.slice(WARM_UP, WARM_UP + 5));
      assert(growth < MOST_GROWTH[backend], `grew by ${growth}: ${rss}`);
    },
  });
}
