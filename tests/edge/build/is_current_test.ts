import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isCurrent } from "../../../edge/build/is_current.ts";

Deno.test("isCurrent() is true until a source is changed, added or removed", async () => {
  const root = await mkdtemp(join(tmpdir(), "current-"));
  const output = join(root, "output");
  const source = join(root, "source", "deep");
  const touch = (path: string, second: number) => utimes(path, second, second);
  const touchSources = async (second: number) => {
    await touch(join(source, "file"), second);
    await touch(source, second);
    await touch(join(root, "source"), second);
  };
  try {
    await mkdir(source, { recursive: true });
    await writeFile(join(source, "file"), "");
    await touchSources(1000);
    const current = () => isCurrent(output, [join(root, "source")]);
    assert.equal(await current(), false);
    await writeFile(output, "");
    await touch(output, 2000);
    assert.equal(await current(), true);
    await touch(join(source, "file"), 3000);
    assert.equal(await current(), false);
    await touchSources(1000);
    assert.equal(await current(), true);
    await rm(join(source, "file"));
    assert.equal(await current(), false);
  } finally {
    await rm(root, { recursive: true });
  }
});
