import assert from "node:assert/strict";
import {
  karrasLevels,
  karrasSigmas,
  sigmaLevels,
} from "@emoji/diffusion/steps";

Deno.test("karrasSigmas() equals k-diffusion's get_sigmas_karras(10, 0.1, 10, rho=7)", () => {
  const expected = [
    10,
    6.80216457732,
    4.52420404677,
    2.93412000918,
    1.84930212262,
    1.12818199569,
    0.662885854539,
    0.372822246353,
    0.1991410419,
    0.1,
    0,
  ];
  const sigmas = karrasSigmas(10, { sigmaMin: 0.1, sigmaMax: 10 });
  assert.equal(sigmas.length, expected.length);
  for (const [i, sigma] of sigmas.entries()) {
    assert.ok(
      Math.abs(sigma - expected[i]!) <= 1e-11 * sigma,
      `${i}: ${sigma}`,
    );
  }
});

Deno.test("karrasSigmas() of one step goes from sigmaMax to 0", () => {
  assert.deepEqual(karrasSigmas(1, { sigmaMax: 1 }), Float64Array.of(1, 0));
});

Deno.test("karrasSigmas() is even in sigma^(1/rho), and in ln sigma for an endless rho", () => {
  const ends = { sigmaMin: 0.12, sigmaMax: 80 };
  for (const rho of [-10, -2, 1, 7]) {
    const even = karrasSigmas(4, { ...ends, rho }).subarray(0, 4)
      .map((sigma) => sigma ** (1 / rho));
    const gap = even[1]! - even[0]!;
    even.slice(1).forEach((value, i) =>
      assert(Math.abs(value - even[i]! - gap) < 1e-12 * Math.abs(even[0]!))
    );
  }
  for (const endless of [Infinity, -Infinity]) {
    const exact = karrasSigmas(4, { ...ends, rho: endless });
    for (const rho of [1e5, -1e5]) {
      karrasSigmas(4, { ...ends, rho }).forEach((sigma, i) =>
        assert(Math.abs(sigma - exact[i]!) <= 1e-3 * exact[i]!)
      );
    }
  }
});

Deno.test("karrasSigmas() refuses what is out of range", () => {
  for (const steps of [0, -1, 1.5, NaN]) {
    assert.throws(() => karrasSigmas(steps), /'steps' must be an integer/);
  }
  for (const sigmaMin of [0, -1, 80, 90, NaN]) {
    assert.throws(() => karrasSigmas(5, { sigmaMin }), /'sigmaMin' must be/);
  }
  assert.throws(
    () => karrasSigmas(5, { sigmaMax: Infinity }),
    /'sigmaMax' must be/,
  );
  for (const rho of [0, NaN]) {
    assert.throws(() => karrasSigmas(5, { rho }), /'rho' must be/);
  }
});

Deno.test("karrasLevels() ends in the clean image and speaks of sigma as t", () => {
  const levels = karrasLevels(5);
  assert.equal(levels.length, 6);
  assert.deepEqual(levels.at(-1), { alpha: 1, sigma: 0, t: 0 });
  for (const level of levels) {
    assert.deepEqual(level, { alpha: 1, sigma: level.sigma, t: level.sigma });
  }
});

Deno.test("sigmaLevels() refuses sigmas that do not strictly decrease to 0", () => {
  for (
    const sigmas of [
      [1],
      [1, 1, 0],
      [1, 2, 0],
      [1, 0, 0],
      [NaN, 0],
      [1, -1, 0],
      [Infinity, 0],
    ]
  ) {
    assert.throws(() => sigmaLevels(sigmas), /Cannot list levels as 'sigmas\[/);
  }
});
