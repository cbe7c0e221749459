import assert from "node:assert/strict";
import { join } from "node:path";
import { collect } from "../../train/data/collect.ts";
import { syntheticSource } from "../../train/data/sources/synthetic.ts";
import { loadDataset, saveDataset } from "../../train/dataset.ts";

const { dataset } = await collect(syntheticSource({ count: 40 }), { size: 8 });

async function withFolder(test: (dir: string) => Promise<void>): Promise<void> {
  const root = await Deno.makeTempDir();
  try {
    const dir = join(root, "shapes-8");
    await saveDataset(dir, dataset);
    await test(dir);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

Deno.test("loadDataset() gives back what saveDataset() wrote", () =>
  withFolder(async (dir) => {
    assert.deepEqual(await loadDataset(dir), dataset);
    const files = [...Deno.readDirSync(dir)].map(({ name }) => name);
    assert.deepEqual(files.sort(), ["manifest.json", "pictures.bin"]);
  }));

Deno.test("saveDataset() writes the same bytes again", () =>
  withFolder(async (dir) => {
    const before = await Deno.readFile(join(dir, "manifest.json"));
    await saveDataset(dir, dataset);
    assert.deepEqual(await Deno.readFile(join(dir, "manifest.json")), before);
  }));

Deno.test("saveDataset() names the file it cannot write and leaves nothing half done", () =>
  withFolder(async (dir) => {
    const bin = join(dir, "pictures.bin");
    await Deno.remove(bin);
    await Deno.mkdir(bin);
    await assert.rejects(
      saveDataset(dir, dataset),
      /^Error: Cannot write .*pictures\.bin as /,
    );
    const files = [...Deno.readDirSync(dir)].map(({ name }) => name);
    assert.deepEqual(files.sort(), ["manifest.json", "pictures.bin"]);
  }));

Deno.test("loadDataset() names the file that is missing and says what to run", async () => {
  await assert.rejects(loadDataset("no/such/folder"), {
    message:
      'Cannot load no/such/folder/manifest.json as it must exist: build the data set with "deno task prepare"',
  });
});

Deno.test("loadDataset() names a damaged file", () =>
  withFolder(async (dir) => {
    const [bin, manifest] = [
      join(dir, "pictures.bin"),
      join(dir, "manifest.json"),
    ];
    const pixels = await Deno.readFile(bin);
    await Deno.writeFile(bin, pixels.slice(1));
    await assert.rejects(
      loadDataset(dir),
      /pictures\.bin as it must have 10240 bytes: current value is 10239; build/,
    );
    pixels[77]! ^= 1;
    await Deno.writeFile(bin, pixels);
    await assert.rejects(
      loadDataset(dir),
      /pictures\.bin as its SHA-256 must be the manifest's; build/,
    );
    await Deno.remove(bin);
    await assert.rejects(loadDataset(dir), /pictures\.bin as it must exist/);
    const text = await Deno.readTextFile(manifest);
    await Deno.writeTextFile(manifest, text.slice(0, -9));
    await assert.rejects(
      loadDataset(dir),
      /manifest\.json as it must be JSON; build/,
    );
    await Deno.writeTextFile(manifest, '{"version":2}');
    await assert.rejects(
      loadDataset(dir),
      /manifest\.json as version must be 1: current value is 2; build/,
    );
    await Deno.writeTextFile(manifest, text.replace('"size":8', '"size":"8"'));
    await assert.rejects(
      loadDataset(dir),
      /manifest\.json as a member is missing or has a wrong type; build/,
    );
    await Deno.writeTextFile(
      manifest,
      text.replace('"total":40', '"total":41'),
    );
    await assert.rejects(
      loadDataset(dir),
      /counts\.total must be the number of pictures, 40: current value is 41/,
    );
  }));
