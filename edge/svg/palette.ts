import type { Picture } from "@emoji/diffusion/png";
import { quantize } from "@emoji/diffusion/quantize";

/** Red, green, blue. */
export type Colour = readonly [number, number, number];

/** Squared distance from which a neighbour makes an edge. */
const EDGE = 1200;

/** Squared distance below which two colours are one. */
const ALIKE = 700;

/** Squared distance to all others from which the colour of a small detail is a colour of its own. */
const DETAIL = 5000;

/** Squared distance to the line between two colours up to which a colour is a blend of them. */
const BLEND = 2000;

/**
 * The colours that a picture is made of: those of its flat parts, since the blends of soft edges are none, and those
 * of details that are too small to have a flat part.
 *
 * @param picture The picture.
 * @param most Most colours.
 */
export function choosePalette(picture: Picture, most: number): Colour[] {
  const palette: Colour[] = [];
  for (const colour of quantize(flatParts(picture), 2 * most).palette) {
    const known = palette.some((other) =>
      squaredDistance(colour, other, 0) < ALIKE
    );
    if (!known && palette.length < most) palette.push(colour);
  }
  for (
    let far = farthest(picture, palette);
    far !== undefined && palette.length < most;
  ) {
    palette.push(far);
    far = farthest(picture, palette);
  }
  return palette;
}

/** Squared distance of a colour to the one at `at` in a list of channels. */
export function squaredDistance(
  [red, green, blue]: Colour,
  channels: ArrayLike<number>,
  at: number,
): number {
  return (channels[at]! - red) ** 2 + (channels[at + 1]! - green) ** 2 +
    (channels[at + 2]! - blue) ** 2;
}

/** The solid pixel that is farthest from all colours, if it is far. */
function farthest(
  { rgba }: Picture,
  palette: readonly Colour[],
): Colour | undefined {
  let most = DETAIL;
  let far: Colour | undefined;
  for (let at = 0; at < rgba.length; at += 4) {
    if (rgba[at + 3]! < 250) continue;
    const colour: Colour = [rgba[at]!, rgba[at + 1]!, rgba[at + 2]!];
    const away = palette.reduce(
      (least, other) => Math.min(least, squaredDistance(colour, other, 0)),
      Infinity,
    );
    if (away > most && !isBlend(colour, palette)) {
      most = away;
      far = colour;
    }
  }
  return far;
}

/** Whether a colour lies between two others, as those of soft edges do. */
function isBlend(colour: Colour, palette: readonly Colour[]): boolean {
  return palette.some((from, index) =>
    palette.slice(index + 1).some((to) => {
      const length = squaredDistance(from, to, 0);
      const along = [0, 1, 2].reduce(
        (sum, c) => sum + (colour[c]! - from[c]!) * (to[c]! - from[c]!),
        0,
      ) / length;
      if (along < 0 || along > 1) return false;
      return squaredDistance(from, colour, 0) - along * along * length < BLEND;
    })
  );
}

/** The picture with those pixels transparent that differ much from a neighbour. */
function flatParts({ width, height, rgba }: Picture): Picture {
  const flat = rgba.slice();
  for (let i = 0; i < width * height; i++) {
    const x = i % width;
    const neighbours = [
      x > 0 ? i - 1 : i,
      x < width - 1 ? i + 1 : i,
      i - width,
      i + width,
    ];
    const steep = neighbours.some((other) =>
      other >= 0 && other < width * height &&
      (rgba[4 * other + 3]! < 128 ||
        squaredDistance(
            [rgba[4 * i]!, rgba[4 * i + 1]!, rgba[4 * i + 2]!],
            rgba,
            4 * other,
          ) > EDGE)
    );
    if (steep) flat[4 * i + 3] = 0;
  }
  return { width, height, rgba: flat };
}
