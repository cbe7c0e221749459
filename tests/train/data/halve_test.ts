import assert from "node:assert/strict";
import { halve, shrink } from "../../../train/data/halve.ts";

const RED = [255, 0, 0, 255];
const CLEAR = [0, 0, 0, 0];
const GREY = [1, 2, 3, 4];

Deno.test("halve() takes the exact mean of each 2 × 2 pixels", () => {
  const rows = [
    ...RED,
    ...CLEAR,
    ...GREY,
    ...GREY,
    ...CLEAR,
    ...CLEAR,
    ...GREY,
    ...CLEAR,
  ];
  const pixels = Uint8Array.from([...rows, ...rows]);
  assert.deepEqual([...halve(pixels, 4)], [
    ...[63.75, 0, 0, 63.75],
    ...[0.75, 1.5, 2.25, 3],
    ...[63.75, 0, 0, 63.75],
    ...[0.75, 1.5, 2.25, 3],
  ]);
});

Deno.test("shrink() rounds once, at the end", () => {
  // Halved with rounding each time, 1 of 16 pixels of 8 would be 2 and then 1; 7 would be 2 and then 1 too.
  const one = new Uint8Array(64);
  one.set([8, 8, 8, 8]);
  assert.deepEqual([...shrink(one, 4, 1)], [1, 1, 1, 1]); // 0.5 up
  one.set([7, 7, 7, 7]);
  assert.deepEqual([...shrink(one, 4, 1)], [0, 0, 0, 0]);
});

Deno.test("shrink() keeps colours within alpha", () => {
  const pixels = Uint8Array.from(
    { length: 8 * 8 * 4 },
    (_, i) => i % 4 === 3 ? 40 + i % 200 : (i * 37) % 40,
  );
  const small = shrink(pixels, 8, 2);
  small.forEach((value, i) => assert(value <= small[i | 3]!));
});

Deno.test("halve() throws on an odd size", () => {
  assert.throws(() => halve(new Uint8Array(36), 3), {
    name: "RangeError",
    message: /size must be even .* current value is 3$/,
  });
});
