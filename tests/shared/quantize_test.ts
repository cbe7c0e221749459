import assert from "node:assert/strict";
import { quantize } from "@emoji/diffusion/quantize";

/** A row of `solid` greys of their own and a transparent pixel. */
function greys(solid: number) {
  const rgba = new Uint8Array(4 * (solid + 1));
  for (let i = 0; i < solid; i++) rgba.set([i, i, i, 255], 4 * i);
  return { width: solid + 1, height: 1, rgba };
}

Deno.test("quantize() has an index left for transparent pixels beside 255 colours", () => {
  const { palette, indices, transparent } = quantize(greys(255));
  assert.equal(palette.length, 255);
  assert.equal(indices[255], 255);
  assert.equal(transparent, true);
  indices.subarray(0, 255).forEach((index, i) =>
    assert.deepEqual(palette[index], [i, i, i])
  );
});

Deno.test("quantize() refuses numbers of colours that indices cannot tell from transparent", () => {
  for (const colours of [0, 1.5, 256, NaN]) {
    assert.throws(
      () => quantize(greys(2), colours),
      /'colours' must be an integer from 1 to 255/,
    );
  }
});

Deno.test("quantize() refuses pictures whose size does not fit their bytes", () => {
  const { rgba } = greys(3);
  assert.throws(
    () => quantize({ width: 4, height: 4, rgba }),
    /rgba must hold 64 bytes: current value is 16/,
  );
});
