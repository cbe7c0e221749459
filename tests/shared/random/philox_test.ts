import assert from "node:assert/strict";
import {
  normalFromWord,
  philoxNoise,
  restorePhilox,
} from "@emoji/diffusion/random";
import { philoxBlock } from "../../../shared/random/_philox_block.ts";

Deno.test("philoxBlock() gives the known answers of Random123", () => {
  // Random123 1.14, tests/kat_vectors, "philox4x32 10": counter, key, expected words.
  const pi = [
    0x243f6a88,
    0x85a308d3,
    0x13198a2e,
    0x03707344,
    0xa4093822,
    0x299f31d0,
  ];
  const cases = [
    [0, 0, 0, 0, 0, 0, [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]],
    [-1, -1, -1, -1, -1, -1, [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd]],
    [...pi, [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1]],
  ] as [number, number, number, number, number, number, number[]][];
  for (const [c0, c1, c2, c3, k0, k1, expected] of cases) {
    const out = new Uint32Array(4);
    philoxBlock(out, 0, c0, c1, c2, c3, k0, k1);
    assert.deepEqual([...out], expected);
  }
});

Deno.test("philoxNoise() draws the numbers it was released with", () => {
  // Fixed at version 0.1.0: a change here redraws every picture ever linked to. An independent Python Philox with
  // scipy.special.ndtri((word + 0.5) / 2**32) agrees to 1e-15.
  const first = (seed: number | bigint | string, stream = 0) => {
    const out = new Float64Array(5);
    philoxNoise(seed, { stream }).normal(out);
    return [...out];
  };
  assert.deepEqual(first(0), [
    -0.2558159704329815,
    1.177591239172135,
    0.6301836563560433,
    0.26756224939052,
    1.9148032732736495,
  ]);
  assert.deepEqual(first(42), [
    0.28704190044919936,
    -0.07882346891866282,
    -1.4521371467784645,
    -0.41011294252472946,
    2.2482116354861392,
  ]);
  assert.deepEqual(first("kitten", 7), [
    -1.6685970525686977,
    -1.0788267834904675,
    -1.2305227404257395,
    -1.832143742035537,
    0.47400812053107483,
  ]);
});

Deno.test("philoxNoise() maps word i of the stream to value i, whatever the sizes of the draws", () => {
  const whole = new Float32Array(1500);
  philoxNoise(7).normal(whole);
  for (const sizes of [[1, 2, 3, 5, 1489], [255, 1, 256, 257, 731], [1500]]) {
    const source = philoxNoise(7);
    const parts = sizes.map((size) => {
      const part = new Float32Array(size);
      source.normal(part);
      return [...part];
    });
    assert.deepEqual(parts.flat(), [...whole]);
  }
});

Deno.test("philoxNoise() has distinct streams and one key for equal integers", () => {
  const draw = (source: ReturnType<typeof philoxNoise>) => {
    const out = new Float64Array(8);
    source.normal(out);
    return out.join();
  };
  assert.equal(draw(philoxNoise(5)), draw(philoxNoise(5n)));
  const drawn = [
    philoxNoise(5),
    philoxNoise(5, { stream: 1 }),
    philoxNoise(5, { stream: 2 ** 32 }),
    philoxNoise(5 + 2 ** 32),
    philoxNoise("5"),
    philoxNoise(5).split(0),
    philoxNoise(5).split(1),
    philoxNoise(5).split(2 ** 32),
    philoxNoise(5, { stream: 1 }).split(0),
    philoxNoise(5).split(0).split(0),
  ].map(draw);
  assert.equal(new Set(drawn).size, drawn.length);
});

Deno.test("PhiloxSource.split() does not depend on what was drawn before", () => {
  const source = philoxNoise(9);
  const before = source.split(3).state();
  source.normal(new Float32Array(10));
  assert.deepEqual(source.split(3).state(), before);
});

Deno.test("restorePhilox() continues with the same bits after a trip through JSON", () => {
  const source = philoxNoise("restore", { stream: 3 });
  source.normal(new Float32Array(1001));
  const copy = restorePhilox(JSON.parse(JSON.stringify(source.state())));
  const [expected, actual] = [new Float32Array(77), new Float32Array(77)];
  source.normal(expected);
  copy.normal(actual);
  assert.deepEqual(actual, expected);
});

Deno.test("restorePhilox() refuses another source's state and broken numbers", () => {
  assert.throws(
    () => restorePhilox({ kind: "torch" }),
    /Cannot restore as 'state.kind' must be philox/,
  );
  const state = philoxNoise(1).state();
  for (
    const broken of [{ position: -1 }, { position: 0.5 }, { stream: NaN }, {
      key: [],
    }, { key: [0, 2 ** 32] }]
  ) {
    assert.throws(() => restorePhilox({ ...state, ...broken }), RangeError);
  }
});

Deno.test("philoxNoise() refuses seeds that are not integers in range", () => {
  for (const seed of [-1, 0.5, NaN, Infinity, 2 ** 53, -1n, 1n << 64n]) {
    assert.throws(
      () => philoxNoise(seed),
      /Cannot seed as 'seed' must be an integer/,
    );
  }
});

Deno.test("PhiloxSource.uniform() stays inside (0, 1) and has the moments of a uniform variable", () => {
  for (const out of [new Float32Array(200_000), new Float64Array(200_000)]) {
    philoxNoise(3).uniform(out);
    let [sum, squares] = [0, 0];
    for (const u of out) {
      assert.ok(u > 0 && u < 1);
      sum += u;
      squares += u * u;
    }
    assert.ok(Math.abs(sum / out.length - 1 / 2) < 3e-3);
    assert.ok(Math.abs(squares / out.length - 1 / 3) < 3e-3);
  }
});

Deno.test("PhiloxSource.integers() is uniform below its bound", () => {
  const out = new Uint32Array(60_000);
  philoxNoise(4).integers(out, 6);
  const counts = new Array<number>(6).fill(0);
  for (const value of out) counts[value]!++;
  assert.equal(counts.reduce((a, b) => a + b), out.length);
  for (const count of counts) {
    assert.ok(Math.abs(count - 10_000) < 400, `count is ${count}`);
  }
  philoxNoise(4).integers(out, 2 ** 32);
  assert.ok(out.some((value) => value > 2 ** 31));
  assert.throws(
    () => philoxNoise(4).integers(out, 0),
    /'bound' must be an integer from 1/,
  );
});

Deno.test("normalFromWord() is symmetric, monotone and ends at 6.34", () => {
  for (let i = 0; i < 2000; i++) {
    const word = Math.floor((i / 2000) * 2 ** 31);
    assert.equal(normalFromWord(~word), -normalFromWord(word));
    assert.ok(normalFromWord(word) < normalFromWord(word + 997));
  }
  assert.ok(Math.abs(normalFromWord(-1) - 6.337957754553788) < 1e-13); // scipy.stats.norm.isf(2.0**-33)
});

Deno.test("philoxNoise() draws 10⁷ normals that pass moments and Kolmogorov–Smirnov", () => {
  const n = 10_000_000;
  const z = new Float64Array(n);
  philoxNoise("Kolmogorov").normal(z);
  let [mean, square, cube, fourth] = [0, 0, 0, 0];
  for (const value of z) {
    mean += value;
    square += value * value;
    cube += value ** 3;
    fourth += value ** 4;
  }
  const bound = 4 / Math.sqrt(n); // four standard errors: variances of z, z², z³, z⁴ are 1, 2, 15, 96
  assert.ok(Math.abs(mean / n) < bound);
  assert.ok(Math.abs(square / n - 1) < bound * Math.sqrt(2));
  assert.ok(Math.abs(cube / n) < bound * Math.sqrt(15));
  assert.ok(Math.abs(fourth / n - 3) < bound * Math.sqrt(96));
  z.sort();
  let distance = 0;
  for (let i = 0; i < n; i += 100) {
    distance = Math.max(distance, Math.abs(normalCdf(z[i]!) - (i + 0.5) / n));
  }
  assert.ok(distance < 1.63 / Math.sqrt(n), `distance is ${distance}`); // 1 % critical value
});

/** Φ(x) by Simpson's rule from 0, an independent route to the distribution function. */
function normalCdf(x: number): number {
  const n = 200;
  const h = x / n;
  const density = (t: number) => Math.exp(-t * t / 2);
  let sum = density(0) + density(x);
  for (let i = 1; i < n; i++) sum += density(i * h) * (i % 2 === 0 ? 2 : 4);
  return 0.5 + sum * h / 3 / Math.sqrt(2 * Math.PI);
}
