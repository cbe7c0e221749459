import assert from "node:assert/strict";
import { loadRasterizer, rasterize } from "../../../train/data/rasterize.ts";

await loadRasterizer();

const WIDE =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10"><path fill="#f00" fill-opacity=".5" d="M0 0h10v10H0z"/></svg>';

Deno.test("rasterize() draws premultiplied pixels with the wanted short side", () => {
  const { width, height, pixels } = rasterize(WIDE, 4);
  assert.deepEqual([width, height], [8, 4]);
  assert.deepEqual([...pixels.subarray(0, 4)], [128, 0, 0, 128]);
  assert.deepEqual([...pixels.subarray(28, 32)], [0, 0, 0, 0]);
});

Deno.test("rasterize() draws the same bytes again", () => {
  assert.deepEqual(rasterize(WIDE, 16), rasterize(WIDE, 16));
});

Deno.test("rasterize() throws on what is not SVG", () => {
  assert.throws(() => rasterize("<p>no</p>", 16));
});
