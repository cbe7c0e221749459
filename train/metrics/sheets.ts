import { type OwnPicture, tile } from "@emoji/diffusion/image";
import { resizePixel } from "@emoji/diffusion/resize";
import type { Neighbours } from "./neighbour_search.ts";
import { type Pictures, toPicture } from "./pictures.ts";

/** Pixels of a sheet a pixel of a picture that is 32 pixels wide. */
const SCALE = 2;
const SHOWN_SIZE = 32 * SCALE;

/** Sample, nearest and second nearest training picture. */
const TRIPLE = 3;

/** Lays out the first pictures of a set. */
export function sampleSheet(
  pictures: Pictures,
  { count = 100, columns = 10 }: { count?: number; columns?: number } = {},
): OwnPicture {
  const shown = Array.from(
    { length: Math.min(count, pictures.count) },
    (_, i) => enlarge(pictures, i),
  );
  return tile(shown, { columns, gap: 2 * SCALE });
}

/**
 * Lays each sample out before its two nearest training pictures, the likeliest copies (nearest against second nearest)
 * first.
 *
 * @param samples The samples.
 * @param neighbours Their neighbours.
 * @param training The pictures among which they were searched.
 */
export function neighbourSheet(
  samples: Pictures,
  neighbours: readonly Neighbours[],
  training: Pictures,
  { count = 40, columns = 4 }: { count?: number; columns?: number } = {},
): OwnPicture {
  const ratio = ({ firstDistance, secondDistance }: Neighbours) =>
    firstDistance / secondDistance;
  const triples = neighbours.map((near, sample) => ({ near, sample }))
    .sort((a, b) => ratio(a.near) - ratio(b.near))
    .slice(0, count)
    .map(({ near, sample }) =>
      tile([
        enlarge(samples, sample),
        enlarge(training, near.first),
        enlarge(training, near.second),
      ], { columns: TRIPLE })
    );
  return tile(triples, { columns, gap: 8 * SCALE });
}

function enlarge(pictures: Pictures, index: number): OwnPicture {
  const size = Math.max(SHOWN_SIZE, pictures.size);
  return resizePixel(toPicture(pictures, index), size, size);
}
