import assert from "node:assert/strict";
import { collect } from "../../../../train/data/collect.ts";
import { syntheticSource } from "../../../../train/data/sources/synthetic.ts";

Deno.test("syntheticSource() draws premultiplied shapes of every kind and colour", async () => {
  const { dataset: { manifest, pictures } } = await collect(
    syntheticSource({ count: 64 }),
    { size: 16 },
  );
  assert.equal(manifest.vocabularies.groups.length, 4);
  assert.equal(manifest.vocabularies.words.length, 4);
  pictures.forEach((value, i) => assert(value <= pictures[i | 3]!));
  for (let i = 0; i < 64; i++) {
    const alphas = pictures.subarray(1024 * i, 1024 * (i + 1)).filter((
      _,
      k,
    ) => k % 4 === 3);
    assert(alphas.includes(255) && alphas.includes(0), `picture ${i}`);
  }
});

Deno.test("syntheticSource() depends on its seed alone", async () => {
  const [a, b, c] = [
    await collect(syntheticSource({ count: 4 })),
    await collect(syntheticSource({ count: 4 })),
    await collect(syntheticSource({ count: 4, seed: 1 })),
  ];
  assert.equal(a.dataset.manifest.sha256, b.dataset.manifest.sha256);
  assert.notEqual(a.dataset.manifest.sha256, c.dataset.manifest.sha256);
});
