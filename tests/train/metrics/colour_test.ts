import assert from "node:assert/strict";
import {
  colourDistance,
  colourFloor,
  colourStatistics,
  HUE_BINS,
  meanSaturation,
} from "../../../train/metrics/colour.ts";
import type { Pictures } from "../../../train/metrics/pictures.ts";
import { vectorAt } from "../../../train/metrics/vectors.ts";
import { paint, randomPictures } from "./test_pictures.ts";

const solid = (...rgba: number[]): Pictures => paint(1, 8, () => rgba);

function saturationOf(pictures: Pictures): number {
  return meanSaturation(colourStatistics(pictures));
}

/** Bins of the hue circle that hold something. */
function huesOf(pictures: Pictures): number[] {
  const [, ...hues] = vectorAt(colourStatistics(pictures), 0);
  return [...hues.keys()].filter((bin) => hues[bin]! > 0);
}

Deno.test("meanSaturation() is 1 for pure colours, 0 for grey, and does not depend on brightness or alpha", () => {
  assert.equal(saturationOf(solid(255, 0, 0, 255)), 1);
  assert.equal(saturationOf(solid(90, 0, 0, 255)), 1);
  assert.equal(saturationOf(solid(60, 30, 30, 60)), 0.5);
  assert.equal(saturationOf(solid(128, 128, 128, 255)), 0);
  assert.equal(saturationOf(solid(0, 0, 0, 0)), 0);
});

Deno.test("meanSaturation() counts pixels by their alpha", () => {
  const half = paint(
    1,
    8,
    (_, x) => x < 4 ? [255, 0, 0, 255] : [85, 85, 85, 85],
  );
  assert.ok(Math.abs(saturationOf(half) - 255 / (255 + 85)) < 1e-6);
});

Deno.test("colourStatistics() puts red, yellow, green, cyan, blue and magenta 60 degrees apart", () => {
  const pure = [[1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 1, 1], [0, 0, 1], [
    1,
    0,
    1,
  ]];
  pure.forEach((rgb, i) => {
    const bins = huesOf(solid(...rgb.map((c) => 255 * c), 255));
    assert.deepEqual(bins, [i * HUE_BINS / 6]);
  });
  assert.deepEqual(huesOf(solid(255, 0, 1, 255)), [HUE_BINS - 1]);
});

Deno.test("colourDistance() is 0 for equal pictures, 1 for different hues, signed in saturation", () => {
  const red = colourStatistics(solid(255, 0, 0, 255));
  const green = colourStatistics(solid(0, 255, 0, 255));
  const pale = colourStatistics(solid(255, 191, 191, 255));
  assert.deepEqual(colourDistance(red, red), { saturation: 0, hue: 0 });
  assert.equal(colourDistance(red, green).hue, 1);
  const { saturation, hue } = colourDistance(pale, red);
  assert.ok(Math.abs(saturation + 191 / 255) < 1e-6);
  assert.equal(hue, 0);
});

Deno.test("colourFloor() shrinks as groups grow and stays below a real change of colour", () => {
  const pictures = randomPictures(200, 1, 16);
  const real = colourStatistics(pictures);
  const few = colourFloor(real, 10);
  const many = colourFloor(real, 100);
  assert.ok(many.hue < few.hue && many.saturation < few.saturation);
  const washed = paint(200, 16, (n, x, y) => {
    const at = 4 * ((n * 16 + y) * 16 + x);
    const [r, g, b, a] = pictures.bytes.subarray(at, at + 4);
    return [r! / 2 + a! / 2, g! / 2 + a! / 2, b! / 2 + a! / 2, a!];
  });
  const changed = colourDistance(colourStatistics(washed), real);
  assert.ok(Math.abs(changed.saturation) > 2 * many.saturation);
});
