import assert from "node:assert/strict";
import {
  drawChange,
  type PictureChange,
  readChanged,
  UNCHANGED,
} from "../../../train/metrics/picture_change.ts";
import { paint } from "./test_pictures.ts";

const { bytes } = paint(1, 8, (_, x, y) => [20 * x, 20 * y, 90, 200]);

/** Pixel of a changed picture as bytes. */
function pixel(change: Partial<PictureChange>, x: number, y: number): number[] {
  const out = new Float32Array(bytes.length);
  readChanged(bytes, 8, { ...UNCHANGED, ...change }, out);
  const at = 4 * (8 * y + x);
  return Array.from(out.slice(at, at + 4), (v) => Math.round(127.5 * (v + 1)));
}

Deno.test("readChanged() mirrors, moves and zooms about the centre", () => {
  assert.deepEqual(pixel({}, 2, 5), [40, 100, 90, 200]);
  assert.deepEqual(pixel({ flip: true }, 2, 5), [100, 100, 90, 200]);
  assert.deepEqual(pixel({ dx: 1, dy: -2 }, 4, 1), [60, 60, 90, 200]);
  assert.deepEqual(pixel({ dx: 3 }, 1, 1), [0, 0, 0, 0]);
  assert.deepEqual(pixel({ zoom: 2 }, 4, 3), [75, 65, 90, 200]);
  assert.deepEqual(pixel({ dx: 0.5 }, 3, 3), [50, 60, 90, 200]);
});

Deno.test("readChanged() darkens and greys colours and leaves alpha", () => {
  assert.deepEqual(pixel({ gain: 0.5 }, 4, 2), [40, 20, 45, 200]);
  assert.deepEqual(pixel({ gray: 1 }, 3, 3), [70, 70, 70, 200]);
});

Deno.test("drawChange() keeps most changes crisp", () => {
  const crisp = drawChange([0.6, 0.9, 0.2, 0.99, 0.01, 0, 0, 0.5]);
  assert.deepEqual(
    [crisp.flip, crisp.zoom, crisp.dx, crisp.dy],
    [false, 1, 3, -3],
  );
  const soft = drawChange([0.4, 0.5, 0.9, 0.75, 0.25, 1, 0.9, 0.5]);
  assert.deepEqual(soft, {
    flip: true,
    zoom: 1,
    dx: 1.5,
    dy: -1.5,
    gain: 0.75,
    gray: 0.5,
  });
});
