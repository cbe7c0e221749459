import assert from "node:assert/strict";
import { transparency } from "../../../train/metrics/transparency.ts";
import { paint } from "./test_pictures.ts";

const grey = (alpha: number) => [0, 0, 0, alpha];

Deno.test("transparency() forgives a soft edge and counts haze beyond two pixels of it", () => {
  const soft = paint(
    1,
    16,
    (_, x) => grey([0, 60, 200][x - 6] ?? (x < 6 ? 0 : 255)),
  );
  assert.deepEqual(transparency(soft), { haze: 0, corners: 0.5 });
  const hazy = paint(1, 16, (_, x) => grey(x < 4 ? 30 : x < 8 ? 0 : 255));
  assert.equal(transparency(hazy).haze, 4 / 16);
  const wide = paint(1, 16, (_, x) => grey(x < 8 ? 10 * x : 255));
  assert.equal(transparency(wide).haze, 5 / 16); // columns 1 to 5; 6 and 7 are the rim
});

Deno.test("transparency() counts half-transparent interiors and not what is nearly opaque or nearly clear", () => {
  assert.equal(transparency(paint(2, 8, () => grey(200))).haze, 1);
  assert.equal(transparency(paint(2, 8, () => grey(247))).haze, 0);
  assert.equal(transparency(paint(2, 8, () => grey(8))).haze, 0);
});

Deno.test("transparency() averages the alpha of the four corners over the pictures", () => {
  const corner = paint(
    2,
    8,
    (n, x, y) => grey(n === 0 && x === 7 && y === 0 ? 255 : 0),
  );
  assert.equal(transparency(corner).corners, 1 / 8);
});
