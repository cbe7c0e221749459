import assert from "node:assert/strict";
import { join } from "node:path";
import { collect } from "../../../../train/data/collect.ts";
import { cifarSource } from "../../../../train/data/sources/cifar.ts";

const CLASSES = [
  "airplane",
  "automobile",
  "bird",
  "cat",
  "deer",
  "dog",
  "frog",
  "horse",
  "ship",
  "truck",
];

/** Label bytes, then planes of red 10, green 20, blue 30 with a red first pixel. */
function record(...labels: number[]): Uint8Array {
  const planes = new Uint8Array(3072);
  for (let c = 0; c < 3; c++) {
    planes.fill(10 * (c + 1), 1024 * c, 1024 * (c + 1));
  }
  planes[0] = 255;
  return Uint8Array.of(...labels, ...planes);
}

async function withCifar(test: (dir: string) => Promise<void>) {
  const root = await Deno.makeTempDir();
  try {
    const ten = join(root, "cifar-10-batches-bin");
    await Deno.mkdir(ten);
    for (let i = 1; i <= 5; i++) {
      await Deno.writeFile(join(ten, `data_batch_${i}.bin`), record(i));
    }
    await Deno.writeFile(
      join(ten, "test_batch.bin"),
      Uint8Array.of(...record(9), ...record(0)),
    );
    await Deno.writeTextFile(
      join(ten, "batches.meta.txt"),
      CLASSES.join("\n") + "\n\n",
    );
    const hundred = join(root, "cifar-100-binary");
    await Deno.mkdir(hundred);
    await Deno.writeFile(join(hundred, "train.bin"), record(1, 2));
    await Deno.writeFile(join(hundred, "test.bin"), record(0, 1));
    await Deno.writeTextFile(
      join(hundred, "coarse_label_names.txt"),
      "fish\nflowers\n",
    );
    await Deno.writeTextFile(
      join(hundred, "fine_label_names.txt"),
      "shark\nray\nrose\n",
    );
    await test(root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

Deno.test("cifarSource() reads CIFAR-10", () =>
  withCifar(async (dir) => {
    const source = await cifarSource(10, dir);
    assert.equal(source.total, 7);
    const { dataset } = await collect(source, { encoding: "rgb" });
    assert.deepEqual([...dataset.pictures.subarray(0, 6)], [
      255,
      20,
      30,
      10,
      20,
      30,
    ]);
    const seen = dataset.manifest.pictures.map(({ group, split }) =>
      `${group} ${split}`
    );
    assert.deepEqual(seen, [
      "automobile train",
      "bird train",
      "cat train",
      "deer train",
      "dog train",
      "truck held-out",
      "airplane held-out",
    ]);
  }));

Deno.test("cifarSource() reads CIFAR-100 with superclass and class", () =>
  withCifar(async (dir) => {
    const { dataset: { manifest } } = await collect(
      await cifarSource(100, join(dir, "cifar-100-binary")),
    );
    const seen = manifest.pictures.map((
      { group, subgroup, label, split },
    ) => [group, subgroup, label, split]);
    assert.deepEqual(seen, [["flowers", "rose", "rose", "train"], [
      "fish",
      "ray",
      "ray",
      "held-out",
    ]]);
  }));

Deno.test("cifarSource() names a record that is cut off or has an impossible label", () =>
  withCifar(async (dir) => {
    const file = join(dir, "cifar-10-batches-bin", "data_batch_2.bin");
    await Deno.writeFile(
      file,
      Uint8Array.of(...record(77), ...record(1).slice(0, 99)),
    );
    const { dataset, skipped } = await collect(await cifarSource(10, dir));
    assert.equal(dataset.manifest.counts.total, 6);
    assert.deepEqual(skipped, [
      { broken: `${file} record 0`, reason: "its label has no name: 77" },
      { broken: `${file} record 1`, reason: "the file ends in its middle" },
    ]);
  }));

Deno.test("cifarSource() says where to get a missing file", () =>
  withCifar(async (dir) => {
    await Deno.remove(join(dir, "cifar-10-batches-bin", "test_batch.bin"));
    await assert.rejects(
      cifarSource(10, dir),
      /test_batch\.bin must exist: get https:.*cifar-10-binary\.tar\.gz.* --from$/,
    );
    await assert.rejects(
      cifarSource(100, "no/folder"),
      /get https:.*cifar-100-binary\.tar\.gz/,
    );
  }));
