import assert from "node:assert/strict";
import { normalFromWord, normalQuantile } from "@emoji/diffusion/random";

Deno.test("normalQuantile() equals scipy.special.ndtri to 1e-14", () => {
  const expected: [number, number][] = [
    [0.5, 0],
    [0.9, 1.2815515655446004],
    [0.025, -1.9599639845400545],
    [1e-9, -5.9978070150076865],
    [1e-20, -9.262340089798409],
    [1e-300, -37.0470962993612],
  ];
  for (const [p, z] of expected) {
    assert.ok(
      Math.abs(normalQuantile(p) - z) <= 2e-14 * Math.abs(z),
      `${p}: ${normalQuantile(p)}`,
    );
  }
  assert.equal(normalQuantile(0), -Infinity);
  assert.equal(normalQuantile(1), Infinity);
  assert.ok(Number.isNaN(normalQuantile(1.1)));
});

Deno.test("normalQuantile() and normalFromWord() agree to the last bits on every scale", () => {
  for (let bits = 0; bits < 32; bits++) {
    for (
      const word of [2 ** bits, 2 ** bits * 1.4142 >>> 0, 2 ** 32 - 2 ** bits]
    ) {
      const z = normalQuantile((word + 0.5) / 2 ** 32);
      assert.ok(
        Math.abs(normalFromWord(word) - z) <= 4e-15 * Math.abs(z) + 1e-18,
        `${word}`,
      );
    }
  }
});
