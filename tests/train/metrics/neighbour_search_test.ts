import assert from "node:assert/strict";
import { isCopy, memorisation } from "../../../train/metrics/memorisation.ts";
import { neighbourSearch } from "../../../train/metrics/neighbour_search.ts";
import {
  pictureAt,
  type Pictures,
  picturesOf,
  slicePictures,
} from "../../../train/metrics/pictures.ts";
import { paint, randomPictures } from "./test_pictures.ts";

/** Takes every pixel from where `from` says; what is outside is transparent. */
function warp(
  pictures: Pictures,
  from: (x: number, y: number) => [number, number],
): Pictures {
  const { size, count } = pictures;
  return paint(count, size, (n, x, y) => {
    const [u, v] = from(x, y);
    if (Math.min(u, v) < 0 || Math.max(u, v) >= size) return [0, 0, 0, 0];
    const at = 4 * (v * size + u);
    return [...pictureAt(pictures, n).subarray(at, at + 4)];
  });
}

function joinPictures(...parts: Pictures[]): Pictures {
  return picturesOf(
    Uint8Array.from(parts.flatMap(({ bytes }) => [...bytes])),
    parts[0]!.size,
  );
}

const training = randomPictures(60, 1);

Deno.test("neighbourSearch() agrees with a search of everything", () => {
  const queries = randomPictures(5, 2);
  const search = neighbourSearch(training, { shift: 0, flip: false });
  search(queries).forEach((found, i) => {
    const query = pictureAt(queries, i);
    const all = Array.from({ length: training.count }, (_, j) => {
      const other = pictureAt(training, j);
      const square = query.reduce((sum, v, k) => sum + (v - other[k]!) ** 2, 0);
      return { j, distance: Math.sqrt(square / query.length) / 127.5 };
    }).sort((a, b) => a.distance - b.distance);
    assert.equal(found.first, all[0]!.j);
    assert.equal(found.second, all[1]!.j);
    assert.ok(Math.abs(found.firstDistance - all[0]!.distance) < 1e-9);
    assert.ok(Math.abs(found.secondDistance - all[1]!.distance) < 1e-9);
  });
});

Deno.test("memorisation() finds planted copies, moved, mirrored or slightly changed, and only them", () => {
  const part = (from: number) => slicePictures(training, from, from + 3);
  const planted = joinPictures(
    part(0),
    warp(part(3), (x, y) => [x - 1, y + 1]),
    warp(part(6), (x, y) => [31 - x, y]),
    warp(part(9), (x, y) => [30 - x, y]),
    picturesOf(
      part(12).bytes.map((v, i) => v > 9 && i % 4 < 3 ? v - i % 9 : v),
      32,
    ),
  );
  const fresh = randomPictures(25, 3);
  const neighbours = neighbourSearch(training)(joinPictures(planted, fresh));
  neighbours.forEach((found, i) => {
    assert.equal(isCopy(found), i < planted.count, `picture ${i}`);
    if (i < planted.count) assert.equal(found.first, i);
  });
  assert.equal(memorisation(neighbours).copies, 15 / 40);
});

Deno.test("neighbourSearch() compares larger pictures by the means of their blocks", () => {
  const doubled = paint(
    3,
    64,
    (n, x, y) => {
      const at = 4 * ((y >> 1) * 32 + (x >> 1));
      return [...pictureAt(training, n).subarray(at, at + 4)];
    },
  );
  const found = neighbourSearch(training)(doubled);
  assert.deepEqual(found.map(({ first }) => first), [0, 1, 2]);
  assert.deepEqual(found.map(({ firstDistance }) => firstDistance), [0, 0, 0]);
});

Deno.test("neighbourSearch() refuses fewer than two reference pictures", () => {
  assert.throws(() => neighbourSearch(randomPictures(1, 1)), RangeError);
});
