import assert from "node:assert/strict";
import { fitSquare, place } from "../../../train/data/fit.ts";

/** Opaque columns of grey 10, 20, 30, … */
function columns(width: number, height: number) {
  const rgba = Uint8Array.from(
    { length: 4 * width * height },
    (_, i) => i % 4 === 3 ? 255 : 10 * ((i >> 2) % width + 1),
  );
  return { width, height, rgba };
}

function reds(pixels: Uint8Array): number[] {
  return [...pixels].filter((_, i) => i % 4 === 0);
}

Deno.test("fitSquare() crops to the centre", () => {
  assert.deepEqual(reds(fitSquare(columns(4, 2), 2, "crop")), [20, 30, 20, 30]);
});

Deno.test("fitSquare() pads with transparency", () => {
  const pixels = fitSquare(columns(4, 2), 4, "pad");
  assert.deepEqual(reds(pixels), [
    0,
    0,
    0,
    0,
    10,
    20,
    30,
    40,
    10,
    20,
    30,
    40,
    0,
    0,
    0,
    0,
  ]);
  assert.equal(pixels[3], 0);
  assert.equal(pixels[19], 255);
});

Deno.test("fitSquare() scales a flat picture to itself", () => {
  const flat = { width: 30, height: 20, rgba: new Uint8Array(2400).fill(255) };
  assert(fitSquare(flat, 7, "crop").every((value) => value === 255));
});

Deno.test("fitSquare() premultiplies", () => {
  const faint = { width: 1, height: 1, rgba: Uint8Array.of(200, 100, 50, 51) };
  assert.deepEqual([...fitSquare(faint, 1, "crop")], [40, 20, 10, 51]);
});

Deno.test("place() centres and cuts off", () => {
  assert.deepEqual(reds(place(columns(1, 1), 3).rgba), [
    0,
    0,
    0,
    0,
    10,
    0,
    0,
    0,
    0,
  ]);
  assert.deepEqual(reds(place(columns(5, 1), 3).rgba), [
    0,
    0,
    0,
    20,
    30,
    40,
    0,
    0,
    0,
  ]);
});
