import assert from "node:assert/strict";
import { mixedNoise, philoxNoise } from "@emoji/diffusion/random";

function draws(share: number): Float64Array {
  const noise = mixedNoise(philoxNoise(1), philoxNoise(2), share);
  noise.normal(new Float64Array(3));
  const out = new Float64Array(20_000);
  noise.normal(out);
  return out;
}

Deno.test("mixedNoise() goes from one source to the other", () => {
  for (const [share, seed] of [[0, 1], [1, 2]] as const) {
    const plain = philoxNoise(seed);
    plain.normal(new Float64Array(3));
    const expected = new Float64Array(20_000);
    plain.normal(expected);
    assert.deepEqual(draws(share), expected);
  }
});

Deno.test("mixedNoise() keeps the unit variance and changes little by little", () => {
  const [half, near] = [draws(0.5), draws(0.51)];
  const mean = (of: (value: number, i: number) => number) =>
    half.reduce((sum, value, i) => sum + of(value, i), 0) / half.length;
  assert.ok(Math.abs(mean((value) => value ** 2) - 1) < 0.04);
  assert.ok(mean((value, i) => (value - near[i]!) ** 2) < 1e-3);
});

Deno.test("mixedNoise() refuses a share that is none", () => {
  for (const share of [-0.1, 1.1, NaN]) {
    assert.throws(
      () => mixedNoise(philoxNoise(1), philoxNoise(2), share),
      RangeError,
    );
  }
});
