import type { Picture } from "@emoji/diffusion/png";
import { resizeSmooth } from "@emoji/diffusion/resize";
import { choosePalette, type Colour, squaredDistance } from "./palette.ts";

/** A picture as areas of one colour each. */
export interface Labels {
  /** Columns. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** The colour of each pixel; `palette.length` stands for transparent. */
  readonly indices: Uint8Array;
  /** Red, green, blue of each colour. */
  readonly palette: readonly Colour[];
}

/** Times a majority vote cleans the edges. */
const VOTES = 2;

/**
 * Divides a picture into areas of few colours.
 *
 * @param picture The picture.
 * @param scale How much finer the areas are than the picture's pixels.
 * @param colours Most colours.
 */
export function labelAreas(
  picture: Picture,
  scale: number,
  colours: number,
): Labels {
  const palette = choosePalette(picture, colours);
  const fine = resizeSmooth(
    picture,
    picture.width * scale,
    picture.height * scale,
  );
  const { width, height, rgba } = fine;
  let indices = new Uint8Array(width * height);
  for (let i = 0; i < indices.length; i++) {
    indices[i] = rgba[4 * i + 3]! < 128
      ? palette.length
      : nearest(palette, rgba, 4 * i);
  }
  for (let vote = 0; vote < VOTES; vote++) {
    indices = majority(indices, width, height, palette.length + 1);
  }
  return { width, height, indices, palette };
}

function nearest(
  palette: Labels["palette"],
  rgba: Uint8Array,
  at: number,
): number {
  let best = 0;
  let least = Infinity;
  palette.forEach((colour, index) => {
    const away = squaredDistance(colour, rgba, at);
    if (away < least) {
      least = away;
      best = index;
    }
  });
  return best;
}

/** Gives every pixel the most frequent label of the 5 x 5 around it; its own, where that is as frequent. */
function majority(
  indices: Uint8Array,
  width: number,
  height: number,
  labels: number,
): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(indices.length);
  const counts = new Uint8Array(labels);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      counts.fill(0);
      const own = indices[y * width + x]!;
      let best = own;
      for (let dy = -2; dy <= 2; dy++) {
        for (let dx = -2; dx <= 2; dx++) {
          const row = Math.min(height - 1, Math.max(0, y + dy));
          const column = Math.min(width - 1, Math.max(0, x + dx));
          const label = indices[row * width + column]!;
          if (++counts[label]! > counts[best]!) best = label;
        }
      }
      out[y * width + x] = counts[own] === counts[best] ? own : best;
    }
  }
  return out;
}
