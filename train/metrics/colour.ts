/**
 * Saturation and hue of pictures: washed-out or shifted colours as numbers.
 *
 * @module
 */

import { philoxNoise } from "@emoji/diffusion/random";
import { drawWithout } from "./kid.ts";
import { pictureAt, type Pictures } from "./pictures.ts";
import { takeVectors, vectorAt, type Vectors } from "./vectors.ts";

/** Bins of the hue circle, 10° each. */
export const HUE_BINS = 36;

const WIDTH = 1 + HUE_BINS;

/** How the colours of two sets of pictures differ. */
export interface ColourDistance {
  /** Difference of the mean saturations, each in [0, 1]; positive where the first is more colourful. */
  readonly saturation: number;
  /** Half the sum of the differences of the hue histograms, 0 to 1. */
  readonly hue: number;
}

/**
 * Measures each picture: its HSV saturation, averaged over pixels by alpha, and a histogram of hue in which each pixel
 * counts by its chroma, so that grey and transparent pixels have no say.
 *
 * @returns A vector a picture: saturation, then {@linkcode HUE_BINS} bins.
 */
export function colourStatistics(pictures: Pictures): Vectors {
  const { count, size } = pictures;
  const values = new Float32Array(count * WIDTH);
  for (let n = 0; n < count; n++) {
    const picture = pictureAt(pictures, n);
    const row = values.subarray(n * WIDTH, (n + 1) * WIDTH);
    let covered = 0;
    for (let i = 0; i < picture.length; i += 4) {
      const r = picture[i]!;
      const g = picture[i + 1]!;
      const b = picture[i + 2]!;
      const a = picture[i + 3]!;
      const max = Math.max(r, g, b);
      const chroma = max - Math.min(r, g, b);
      covered += a;
      if (chroma === 0) continue;
      row[0]! += a * chroma / max;
      const bin = Math.floor(hue(r, g, b, max, chroma) * HUE_BINS / 6);
      row[1 + bin % HUE_BINS]! += chroma / (255 * size * size);
    }
    if (covered > 0) row[0]! /= covered;
  }
  return { values, width: WIDTH, count };
}

/** Hue in sixths of the circle, [0, 6). */
function hue(
  r: number,
  g: number,
  b: number,
  max: number,
  chroma: number,
): number {
  if (max === r) return ((g - b) / chroma + 6) % 6;
  return max === g ? (b - r) / chroma + 2 : (r - g) / chroma + 4;
}

/** Mean saturation of measured pictures. */
export function meanSaturation(statistics: Vectors): number {
  return summarize(statistics).saturation;
}

/** Compares measured pictures. */
export function colourDistance(a: Vectors, b: Vectors): ColourDistance {
  const [x, y] = [summarize(a), summarize(b)];
  return {
    saturation: x.saturation - y.saturation,
    hue: x.hues.reduce((sum, h, i) => sum + Math.abs(h - y.hues[i]!), 0) / 2,
  };
}

/**
 * What chance alone does: mean distance of two groups of `size` pictures each, drawn from the same measured pictures
 * without a picture in common; groups are smaller where there are too few.
 */
export function colourFloor(
  real: Vectors,
  size: number,
  splits = 50,
): ColourDistance {
  const half = Math.min(size, Math.floor(real.count / 2));
  let saturation = 0;
  let hues = 0;
  for (let i = 0; i < splits; i++) {
    const drawn = drawWithout(real.count, 2 * half, philoxNoise(0).split(i));
    const distance = colourDistance(
      takeVectors(real, drawn.slice(0, half)),
      takeVectors(real, drawn.slice(half)),
    );
    saturation += Math.abs(distance.saturation) / splits;
    hues += distance.hue / splits;
  }
  return { saturation, hue: hues };
}

function summarize(statistics: Vectors) {
  const sum = new Float64Array(WIDTH);
  for (let n = 0; n < statistics.count; n++) {
    vectorAt(statistics, n).forEach((value, k) => sum[k]! += value);
  }
  const [saturation = 0, ...hues] = sum;
  const total = hues.reduce((a, b) => a + b, 0);
  return {
    saturation: saturation / statistics.count,
    hues: hues.map((h) => total > 0 ? h / total : 0),
  };
}
