import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSlice } from "../../../edge/site/read_slice.ts";

Deno.test("readSlice() reads a part of a file, and not beyond its end", async () => {
  const folder = await mkdtemp(join(tmpdir(), "slice-"));
  const file = join(folder, "file");
  try {
    await writeFile(file, Uint8Array.of(1, 2, 3, 4));
    assert.deepEqual(await readSlice(file, 1, 3), Uint8Array.of(2, 3));
    assert.deepEqual(await readSlice(file, 4, 4), new Uint8Array());
    await assert.rejects(
      readSlice(file, 2, 6),
      /must have 6 bytes or more: current value is 4/,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});
