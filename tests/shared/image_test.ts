import assert from "node:assert/strict";
import {
  compose,
  type ImageShape,
  pictureToPlanes,
  planesToPicture,
  tile,
} from "../../shared/image.ts";

const rgbaShape = (width: number, height: number): ImageShape => ({
  width,
  height,
  channels: 4,
  encoding: "premultiplied-rgba",
});

Deno.test("planesToPicture() gives back every byte that pictureToPlanes() was given", () => {
  // All alphas with a spread of colours: 256 x 64 pixels.
  const rgba = new Uint8Array(4 * 256 * 64);
  for (let i = 0; i < 256 * 64; i++) {
    const alpha = i % 256;
    if (alpha > 0) {
      rgba.set([(i * 7) & 255, i >> 6, 255 - (i >> 6), alpha], 4 * i);
    }
  }
  const picture = { width: 256, height: 64, rgba };
  const shape = rgbaShape(256, 64);
  assert.deepEqual(
    planesToPicture(pictureToPlanes(picture, shape), shape).rgba,
    rgba,
  );
});

Deno.test("planesToPicture() clamps colour to alpha and alpha to [0, 1]", () => {
  // red beyond its alpha, alpha half; then everything out of range; then NaN.
  const planes = Float32Array.of(1, 5, NaN, 0, -5, NaN, -1, 1, NaN, 0, 9, NaN);
  assert.deepEqual([...planesToPicture(planes, rgbaShape(3, 1)).rgba], [
    255,
    255,
    0,
    128,
    255,
    0,
    255,
    255,
    0,
    0,
    0,
    0,
  ]);
});

Deno.test("planesToPicture() snaps alpha near its ends when asked to", () => {
  const planes = Float32Array.of(
    -0.99,
    0.9,
    -0.99,
    0.9,
    -0.99,
    0.9,
    -0.98,
    0.985,
  );
  const shape = rgbaShape(2, 1);
  assert.deepEqual([
    ...planesToPicture(planes, shape, { alphaSnap: 0.02 }).rgba,
  ], [0, 0, 0, 0, 242, 242, 242, 255]);
  assert.equal(planesToPicture(planes, shape).rgba[3], 3);
});

Deno.test("planesToPicture() makes RGB opaque, pictureToPlanes() lays it over the background", () => {
  const shape: ImageShape = {
    width: 1,
    height: 1,
    channels: 3,
    encoding: "rgb",
  };
  assert.deepEqual(
    [...planesToPicture(Float32Array.of(-1, 0, 1), shape).rgba],
    [0, 128, 255, 255],
  );
  const clear = { width: 1, height: 1, rgba: new Uint8Array(4) };
  assert.deepEqual([...pictureToPlanes(clear, shape)], [1, 1, 1]);
  assert.deepEqual([
    ...pictureToPlanes(clear, shape, { background: [0, 0, 255] }),
  ], [-1, -1, 1]);
});

Deno.test("planesToPicture() and pictureToPlanes() refuse the wrong size", () => {
  assert.throws(
    () => planesToPicture(new Float32Array(3), rgbaShape(1, 1)),
    /must hold 4 values: current value is 3/,
  );
  const picture = { width: 2, height: 1, rgba: new Uint8Array(8) };
  assert.throws(
    () => pictureToPlanes(picture, rgbaShape(1, 1)),
    /size must be 1x1: current value is 2x1/,
  );
});

Deno.test("compose() lays a picture over a colour", () => {
  const picture = {
    width: 3,
    height: 1,
    rgba: Uint8Array.of(255, 0, 0, 255, 255, 0, 0, 51, 9, 9, 9, 0),
  };
  assert.deepEqual([...compose(picture, [0, 0, 255, 255]).rgba], [
    255,
    0,
    0,
    255,
    51,
    0,
    204,
    255,
    0,
    0,
    255,
    255,
  ]);
  assert.deepEqual([...compose(picture, [0, 0, 0, 0]).rgba], [
    255,
    0,
    0,
    255,
    255,
    0,
    0,
    51,
    0,
    0,
    0,
    0,
  ]);
});

Deno.test("tile() lays pictures out row by row with gaps", () => {
  const dot = (value: number) => ({
    width: 1,
    height: 1,
    rgba: new Uint8Array(4).fill(value),
  });
  const sheet = tile([dot(1), dot(2), dot(3)], { columns: 2, gap: 1 });
  assert.deepEqual([sheet.width, sheet.height], [3, 3]);
  assert.deepEqual([...sheet.rgba].filter((_, i) => i % 4 === 0), [
    1,
    0,
    2,
    0,
    0,
    0,
    3,
    0,
    0,
  ]);
  assert.throws(() => tile([]), /must not be empty/);
});
