import assert from "node:assert/strict";
import { join } from "node:path";
import { collect } from "../../../../train/data/collect.ts";
import { idxSource, parseIdx } from "../../../../train/data/sources/idx.ts";

function idx(shape: number[], data: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4 + 4 * shape.length + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x800 + shape.length);
  shape.forEach((size, i) => view.setUint32(4 + 4 * i, size));
  bytes.set(data, 4 + 4 * shape.length);
  return bytes;
}

async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(
    new CompressionStream("gzip"),
  );
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Two training pictures, packed, and one to hold out, unpacked. */
async function withMnist(test: (dir: string) => Promise<void>) {
  const dir = await Deno.makeTempDir();
  try {
    const images = new Uint8Array(2 * 784).fill(200, 784);
    await Deno.writeFile(
      join(dir, "train-images-idx3-ubyte.gz"),
      await gzip(idx([2, 28, 28], images)),
    );
    await Deno.writeFile(
      join(dir, "train-labels-idx1-ubyte.gz"),
      await gzip(idx([2], Uint8Array.of(3, 7))),
    );
    await Deno.writeFile(
      join(dir, "t10k-images-idx3-ubyte"),
      idx([1, 28, 28], new Uint8Array(784).fill(9)),
    );
    await Deno.writeFile(
      join(dir, "t10k-labels-idx1-ubyte"),
      idx([1], Uint8Array.of(9)),
    );
    await test(dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

Deno.test("idxSource() reads MNIST, packed or not, and puts it on black", () =>
  withMnist(async (dir) => {
    const source = await idxSource("mnist", dir);
    assert.equal(source.total, 3);
    const { dataset } = await collect(source, { size: 32, encoding: "rgb" });
    const seen = dataset.manifest.pictures.map((
      { label, group, split },
    ) => [label, group, split]);
    assert.deepEqual(seen, [["3", "3", "train"], ["7", "7", "train"], [
      "9",
      "9",
      "held-out",
    ]]);
    const second = dataset.pictures.subarray(3072, 6144);
    const at = (x: number, y: number) => second[3 * (32 * y + x)];
    assert.deepEqual([at(0, 0), at(1, 16), at(2, 2), at(29, 29), at(30, 16)], [
      0,
      0,
      200,
      200,
      0,
    ]);
  }));

Deno.test("idxSource() keeps 28 × 28 as they are", () =>
  withMnist(async (dir) => {
    const { dataset } = await collect(await idxSource("mnist", dir), {
      size: 28,
      encoding: "rgb",
    });
    assert(
      dataset.pictures.subarray(2352, 4704).every((value) => value === 200),
    );
  }));

Deno.test("idxSource() names the classes of Fashion-MNIST", () =>
  withMnist(async (dir) => {
    const { dataset: { manifest } } = await collect(
      await idxSource("fashion-mnist", dir),
    );
    assert.deepEqual(manifest.vocabularies.groups, [
      "dress",
      "sneaker",
      "ankle boot",
    ]);
  }));

Deno.test("idxSource() names a damaged file", () =>
  withMnist(async (dir) => {
    const labels = join(dir, "train-labels-idx1-ubyte.gz");
    await Deno.writeFile(labels, await gzip(idx([3], Uint8Array.of(1, 2, 3))));
    await assert.rejects(
      idxSource("mnist", dir),
      /a label for each image of train: current value is 3 for 2/,
    );
    await Deno.writeFile(
      labels,
      (await gzip(idx([2], Uint8Array.of(1, 2)))).slice(0, -9),
    );
    await assert.rejects(
      idxSource("mnist", dir),
      /train-labels-idx1-ubyte\.gz as it must be a sound IDX file/,
    );
  }));

Deno.test("idxSource() says where to get a missing file", () =>
  withMnist(async (dir) => {
    await Deno.remove(join(dir, "t10k-labels-idx1-ubyte"));
    await assert.rejects(
      idxSource("fashion-mnist", dir),
      /t10k-labels-idx1-ubyte\.gz must exist: get .*zalandoresearch.*--from$/,
    );
  }));

Deno.test("idxSource() names and skips a label without a name", () =>
  withMnist(async (dir) => {
    await Deno.writeFile(
      join(dir, "train-labels-idx1-ubyte.gz"),
      await gzip(idx([2], Uint8Array.of(3, 12))),
    );
    const { skipped } = await collect(await idxSource("mnist", dir));
    assert.deepEqual(skipped, [{
      broken: `${dir}: train 1`,
      reason: "its label has no name: 12",
    }]);
  }));

Deno.test("parseIdx() checks number and length", () => {
  assert.deepEqual(parseIdx(idx([1, 2], Uint8Array.of(5, 6)), 2), {
    shape: [1, 2],
    data: Uint8Array.of(5, 6),
  });
  assert.throws(
    () => parseIdx(idx([1, 2], Uint8Array.of(5, 6)), 1),
    /must begin with the number 2049/,
  );
  assert.throws(
    () => parseIdx(idx([1, 2], Uint8Array.of(5)), 2),
    /must have 14 bytes: current value is 13/,
  );
});
