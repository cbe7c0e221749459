import assert from "node:assert/strict";
import {
  picturesOf,
  shrink,
  toPicture,
  toPlanes,
} from "../../../train/metrics/pictures.ts";
import { paint, randomPictures } from "./test_pictures.ts";

Deno.test("shrink() averages blocks and keeps pictures apart", () => {
  const doubled = paint(2, 4, (n, x, y) => [x, 2 * y, 10 * n, 100 * n]);
  assert.deepEqual(
    [...shrink(doubled, 2).bytes],
    // Means of 0 and 1 and of 2 and 3, rounded half up.
    [
      ...[1, 1, 0, 0, 3, 1, 0, 0, 1, 5, 0, 0, 3, 5, 0, 0],
      ...[1, 1, 10, 100, 3, 1, 10, 100, 1, 5, 10, 100, 3, 5, 10, 100],
    ],
  );
  assert.equal(shrink(doubled, 4), doubled);
  assert.throws(() => shrink(doubled, 3), RangeError);
});

Deno.test("toPlanes() puts channels before pixels and bytes into [-1, 1]", () => {
  const pictures = picturesOf(Uint8Array.of(0, 51, 102, 255), 1);
  assert.deepEqual(
    [...toPlanes(pictures)].map((value) => Math.round(10 * value) / 10),
    [-1, -0.6, -0.2, 1],
  );
  const many = toPlanes(randomPictures(2, 1, 8));
  const { bytes } = randomPictures(2, 1, 8);
  assert.equal(
    many[64 * 4 + 64 * 2 + 37],
    Math.fround(bytes[4 * (64 + 37) + 2]! / 127.5 - 1),
  );
});

Deno.test("toPicture() divides colours by alpha", () => {
  const pictures = picturesOf(Uint8Array.of(0, 0, 0, 0, 50, 25, 0, 100), 1);
  assert.deepEqual([...toPicture(pictures, 0).rgba], [0, 0, 0, 0]);
  assert.deepEqual([...toPicture(pictures, 1).rgba], [128, 64, 0, 100]);
});
