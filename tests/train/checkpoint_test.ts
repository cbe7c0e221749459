import assert from "node:assert/strict";
import {
  type Checkpoint,
  checkpointPath,
  listCheckpoints,
  pruneCheckpoints,
  readCheckpoint,
  writeCheckpoint,
} from "../../train/checkpoint.ts";
import { tinyRun } from "./tiny_run.ts";

const CHECKPOINT: Checkpoint = {
  version: 1,
  config: tinyRun,
  step: 7,
  images: 56,
  seconds: 1.5,
  vectors: {
    weights: Float32Array.of(1, -2, 3.5),
    moment1: Float32Array.of(0.1, NaN, Infinity),
  },
};

async function inFolder(test: (dir: string) => Promise<void>): Promise<void> {
  const dir = await Deno.makeTempDir();
  try {
    await test(dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

Deno.test("readCheckpoint() returns what writeCheckpoint() was given", () =>
  inFolder(async (dir) => {
    const path = checkpointPath(dir, 7);
    await writeCheckpoint(path, CHECKPOINT);
    assert.deepEqual(await readCheckpoint(path), CHECKPOINT);
  }));

Deno.test("readCheckpoint() names a file that any changed byte has damaged", () =>
  inFolder(async (dir) => {
    const path = checkpointPath(dir, 7);
    await writeCheckpoint(path, CHECKPOINT);
    const whole = await Deno.readFile(path);
    for (const at of [0, 20, whole.length - 1, whole.length - 20]) {
      const bytes = whole.slice();
      bytes[at]! ^= 0x80;
      await Deno.writeFile(path, bytes);
      await assert.rejects(readCheckpoint(path), (error: Error) => {
        assert(error.message.includes(path));
        assert(!error.message.includes("\n"));
        return true;
      });
    }
    await Deno.writeFile(path, whole.subarray(0, whole.length - 3));
    await assert.rejects(readCheckpoint(path), /damaged/);
  }));

Deno.test("writeCheckpoint() that fails leaves the checkpoint before it", () =>
  inFolder(async (dir) => {
    const path = checkpointPath(dir, 7);
    await writeCheckpoint(path, CHECKPOINT);
    // A folder in the place of the temporary file makes every write fail, as a full disk would.
    await Deno.mkdir(`${path}.tmp`);
    await assert.rejects(writeCheckpoint(path, { ...CHECKPOINT, step: 8 }));
    assert.equal((await readCheckpoint(path)).step, 7);
  }));

Deno.test("pruneCheckpoints() keeps the newest", () =>
  inFolder(async (dir) => {
    for (const step of [5, 1000, 20]) {
      await writeCheckpoint(checkpointPath(dir, step), CHECKPOINT);
    }
    await pruneCheckpoints(dir, 2);
    assert.deepEqual(await listCheckpoints(dir), [
      checkpointPath(dir, 20),
      checkpointPath(dir, 1000),
    ]);
  }));
