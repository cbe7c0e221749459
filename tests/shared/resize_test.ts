import { Buffer } from "node:buffer";
import assert from "node:assert/strict";
import { resizePixel, resizeSmooth } from "../../shared/resize.ts";

/** Left half solid red, right half transparent green: any fringe would show as green. */
const halves = {
  width: 8,
  height: 8,
  rgba: Uint8Array.from(
    { length: 256 },
    (_, i) =>
      (i >> 2) % 8 < 4 ? [255, 0, 0, 255][i % 4]! : [0, 255, 0, 0][i % 4]!,
  ),
};

Deno.test("resizePixel() repeats pixels by whole factors and drops them again", () => {
  const large = resizePixel(halves, 24, 24);
  assert.deepEqual([...large.rgba.subarray(4 * 11, 4 * 13)], [
    255,
    0,
    0,
    255,
    0,
    255,
    0,
    0,
  ]);
  assert.deepEqual(resizePixel(large, 8, 8).rgba, halves.rgba);
});

Deno.test("resizePixel() reads the pixels of a Buffer that is part of a larger one", () => {
  const pool = Buffer.concat([Buffer.alloc(12, 7), Buffer.from(halves.rgba)]);
  assert.deepEqual(
    resizePixel({ ...halves, rgba: pool.subarray(12) }, 8, 8).rgba,
    halves.rgba,
  );
});

Deno.test("resizeSmooth() leaves flat pictures as they are at any size", () => {
  const flat = {
    width: 5,
    height: 3,
    rgba: Uint8Array.from(
      { length: 60 },
      (_, i) => [200, 100, 50, 120][i % 4]!,
    ),
  };
  for (const [width, height] of [[1, 1], [2, 7], [5, 3], [64, 64]] as const) {
    const { rgba } = resizeSmooth(flat, width, height);
    assert.equal(rgba.length, 4 * width * height);
    assert.ok(
      rgba.every((value, i) => value === [200, 100, 50, 120][i % 4]),
      `${width}x${height}`,
    );
  }
});

Deno.test("resizeSmooth() shows no fringe of transparent colours", () => {
  for (const size of [3, 7, 8, 32, 50]) {
    const { rgba } = resizeSmooth(halves, size, size);
    for (let i = 0; i < rgba.length; i += 4) {
      if (rgba[i + 3]! > 0) {
        assert.deepEqual([...rgba.subarray(i, i + 3)], [255, 0, 0]);
      }
    }
  }
});

Deno.test("resizeSmooth() keeps the mean when shrinking", () => {
  const { rgba } = resizeSmooth(halves, 1, 1);
  assert.ok(Math.abs(rgba[3]! - 127.5) <= 1, `${rgba[3]}`);
});
