import assert from "node:assert/strict";
import { collect } from "../../../train/data/collect.ts";
import type {
  BrokenPicture,
  PictureSource,
  SourcePicture,
} from "../../../train/data/source.ts";

/** A flat picture of each colour for each of many concepts, in two styles. */
function fakeSource(
  concepts: number,
  extra: BrokenPicture[] = [],
): PictureSource {
  return {
    total: 2 * concepts + extra.length,
    attribution: [],
    async *pictures(size) {
      for (const style of ["flat", "round"]) {
        for (let i = 0; i < concepts; i++) {
          const pixels = new Uint8Array(4 * size * size).fill(i);
          const words = i % 2 === 0 ? ["even", `n${i}`] : ["odd"];
          yield {
            concept: `c${i}`,
            label: `number ${i}`,
            style,
            group: "numbers",
            words,
            pixels,
          } satisfies SourcePicture;
        }
      }
      yield* extra;
    },
  };
}

Deno.test("collect() puts no concept into both splits", async () => {
  const { dataset: { manifest, train, heldOut } } = await collect(
    fakeSource(200),
    { size: 1 },
  );
  const conceptOf = (i: number) => manifest.pictures[i]!.concept;
  const seen = new Set(train.map(conceptOf));
  assert(heldOut.length > 10 && train.length > 300);
  for (const i of heldOut) assert(!seen.has(conceptOf(i)), conceptOf(i));
});

Deno.test("collect() puts training pictures first and keeps pixels with their labels", async () => {
  const { dataset } = await collect(fakeSource(200), { size: 2 });
  const { manifest: { pictures, counts }, train, heldOut } = dataset;
  assert.deepEqual(
    [...train, ...heldOut],
    Array.from({ length: 400 }, (_, i) => i),
  );
  assert.deepEqual(counts, {
    total: 400,
    train: train.length,
    heldOut: heldOut.length,
    concepts: 200,
  });
  pictures.forEach(({ concept }, i) => {
    const pixels = dataset.pictures.subarray(16 * i, 16 * i + 16);
    assert(
      pixels.every((value) => value === Number(concept.slice(1))),
      concept,
    );
  });
});

Deno.test("collect() collects the vocabularies", async () => {
  const { dataset: { manifest: { vocabularies, pictures } } } = await collect(
    fakeSource(20),
    { size: 1 },
  );
  assert.deepEqual(vocabularies, {
    styles: ["flat", "round"],
    groups: ["numbers"],
    subgroups: [],
    words: ["even", "odd"],
  });
  assert.deepEqual(pictures.find(({ concept }) => concept === "c4")?.words, [
    0,
  ]);
  assert.deepEqual(pictures.find(({ concept }) => concept === "c5")?.words, [
    1,
  ]);
});

Deno.test("collect() is deterministic", async () => {
  const [once, again] = [
    await collect(fakeSource(30)),
    await collect(fakeSource(30)),
  ];
  assert.deepEqual(once.dataset, again.dataset);
  assert.match(once.dataset.manifest.sha256, /^[0-9a-f]{64}$/);
});

Deno.test("collect() keeps a split that the source has", async () => {
  const source = fakeSource(40);
  const held: PictureSource = {
    ...source,
    async *pictures(size) {
      yield {
        concept: "x",
        label: "x",
        pixels: new Uint8Array(4 * size * size),
        split: "train",
      };
      for await (const picture of source.pictures(size)) {
        yield { ...picture, split: "held-out" as const };
      }
    },
  };
  const { dataset } = await collect(held, { size: 1 });
  assert.deepEqual(dataset.train, [0]);
});

Deno.test("collect() puts rgb pictures on white or black", async () => {
  const source: PictureSource = {
    total: 1,
    attribution: [],
    async *pictures() {
      yield {
        concept: "x",
        label: "x",
        split: "train",
        pixels: Uint8Array.of(100, 50, 0, 155),
      };
    },
  };
  const white = await collect(source, { size: 1, encoding: "rgb" });
  assert.deepEqual([...white.dataset.pictures], [200, 150, 100]);
  assert.equal(white.dataset.manifest.channels, 3);
  const black = await collect(source, {
    size: 1,
    encoding: "rgb",
    background: "black",
  });
  assert.deepEqual([...black.dataset.pictures], [100, 50, 0]);
});

const BROKEN = { broken: "pictures/cat.png", reason: "it is a dog" };

Deno.test("collect() names and skips a broken picture", async () => {
  const progress: number[] = [];
  const { dataset, skipped } = await collect(fakeSource(5, [BROKEN]), {
    size: 1,
    onProgress: (done, total) => progress.push(done, total),
  });
  assert.deepEqual(skipped, [BROKEN]);
  assert.equal(dataset.manifest.counts.total, 10);
  assert.deepEqual(progress.slice(-2), [11, 11]);
});

Deno.test("collect() stops at a broken picture when strict", async () => {
  await assert.rejects(
    collect(fakeSource(5, [BROKEN]), { size: 1, strict: true }),
    {
      message:
        "Cannot read pictures/cat.png as it must be a sound picture: it is a dog",
    },
  );
});

Deno.test("collect() holds out one of few concepts, and trains on a single one", async () => {
  for (const count of [2, 3, 4]) {
    const { dataset } = await collect(fakeSource(count), { size: 1 });
    assert(dataset.train.length > 0 && dataset.heldOut.length > 0);
    assert.equal(dataset.manifest.counts.heldOut, dataset.heldOut.length);
  }
  const { dataset } = await collect(fakeSource(1), { size: 1 });
  assert.deepEqual([dataset.train.length, dataset.heldOut.length], [2, 0]);
});

Deno.test("collect() holds out about a tenth of a source that has training pictures alone", async () => {
  for (const split of ["train", "held-out"] as const) {
    const source = fakeSource(200);
    const one: PictureSource = {
      ...source,
      async *pictures(size) {
        for await (const picture of source.pictures(size)) {
          yield { ...picture, split };
        }
      },
    };
    const { counts } = (await collect(one, { size: 1 })).dataset.manifest;
    assert(counts.heldOut > 20 && counts.heldOut < 60, `${counts.heldOut}`);
    assert.equal(counts.train + counts.heldOut, 400);
  }
});

Deno.test("collect() throws when nothing is left", async () => {
  await assert.rejects(
    collect(fakeSource(0, [BROKEN])),
    /must have one to train on: 1 were broken/,
  );
});

Deno.test("collect() throws on a size that is no size", async () => {
  await assert.rejects(
    collect(fakeSource(1), { size: 1.5 }),
    /size must be a positive integer: current value is 1.5/,
  );
});
