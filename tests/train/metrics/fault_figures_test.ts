import assert from "node:assert/strict";
import { philoxNoise } from "@emoji/diffusion/random";
import {
  compareFaults,
  faultTable,
  lit,
} from "../../../train/metrics/fault_figures.ts";
import type { Embedder } from "../../../train/metrics/feature_session.ts";
import {
  pictureAt,
  type Pictures,
  picturesOf,
} from "../../../train/metrics/pictures.ts";

const SIZE = 32;

/** Pictures of one colour each on black, from red to yellow, as saturated as `saturation`. */
function colours(count: number, seed: number, saturation: number): Pictures {
  const bytes = new Uint8Array(4 * SIZE * SIZE * count).fill(255);
  const random = new Float64Array(2 * count);
  philoxNoise(seed).uniform(random);
  for (let n = 0; n < count; n++) {
    const light = 100 + 150 * random[2 * n]!;
    const rgb = [1, random[2 * n + 1]!, 0].map((c) =>
      light * (1 - saturation * (1 - c))
    );
    for (let p = 0; p < SIZE * SIZE; p++) {
      bytes.set(p < 300 ? [0, 0, 0] : rgb, 4 * (n * SIZE * SIZE + p));
    }
  }
  return picturesOf(bytes, SIZE);
}

/** Mean and spread of each channel. */
const embed: Embedder = (pictures) => {
  const rows = Array.from({ length: pictures.count }, (_, n) => {
    const picture = pictureAt(pictures, n);
    return [0, 1, 2].flatMap((c) => {
      const values = picture.filter((_, i) => i % 4 === c);
      const mean = values.reduce((a, b) => a + b, 0) / values.length;
      return [mean, Math.max(...values)];
    });
  });
  const features = Float32Array.from(rows.flat());
  return Promise.resolve({ features, logits: new Float32Array() });
};

Deno.test("compareFaults() tells pale pictures from real ones, beside the floor of real ones", async () => {
  const real = colours(60, 1, 0.9);
  const rows = await compareFaults(real, [
    { name: "as real", pictures: colours(30, 2, 0.9) },
    { name: "pale", pictures: colours(30, 3, 0.4) },
  ], { random: embed, classifier: embed });
  const [floor, same, pale] = rows as [
    typeof rows[0],
    typeof rows[0],
    typeof rows[0],
  ];
  assert.deepEqual(rows.map(({ name }) => name), [
    "real faces",
    "as real",
    "pale",
  ]);
  assert.ok(Math.abs(floor.saturation - 0.9) < 0.02);
  assert.ok(Math.abs(pale.saturation - 0.4) < 0.02);
  assert.ok(Math.abs(pale.colour.saturation + 0.5) < 0.02);
  for (const space of ["random", "classifier"] as const) {
    const [a, b] = [same.distances[space], pale.distances[space]];
    assert.ok(b.fd > 4 * a.fd, `${b.fd} ${a.fd}`);
    assert.ok(b.kid.mean > 10 * Math.abs(a.kid.mean));
  }
  assert.match(faultTable(rows), /\n\| pale +\| +0\.4/);
});

Deno.test("lit() takes dark pixels for transparent ones", () => {
  const { bytes } = lit(
    picturesOf(
      Uint8Array.of(1, 0, 0, 255, 200, 10, 30, 255, ...[0, 0, 0, 255], ...[
        9,
        9,
        9,
        255,
      ]),
      2,
    ),
  );
  assert.deepEqual([...bytes.filter((_, i) => i % 4 === 3)], [1, 200, 0, 9]);
});
