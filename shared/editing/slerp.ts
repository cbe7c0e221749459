import { type Floats, mix } from "../floats.ts";
import { veLevel } from "../level.ts";
import type { Level } from "../level.ts";
import { philoxNoise } from "../random/philox.ts";
import type { Seed } from "../random/seed.ts";

/**
 * Spherical interpolation, Shoemake (1985), of each image of `a` with that of `b`. Unlike the straight line between two
 * noises it keeps to lengths that noise has. Images that point the same way are interpolated straight.
 *
 * @param share 0 is `a`, 1 is `b`.
 * @param size Numbers in one image.
 */
export function slerp<T extends Floats>(
  a: T,
  b: T,
  share: number,
  size: number = a.length,
): T {
  if (a.length !== b.length || a.length % size !== 0) {
    throw new RangeError(
      `Cannot interpolate as both must hold images of ${size} numbers: current value is ${a.length} and ${b.length}`,
    );
  }
  const out = mix(1 - share, a, share, b);
  for (let from = 0; from < a.length; from += size) {
    const [x, y] = [a, b].map((images) => images.subarray(from, from + size));
    const cosine = dot(x!, y!) / Math.sqrt(dot(x!, x!) * dot(y!, y!));
    if (!(Math.abs(cosine) < 0.9995)) continue;
    const angle = Math.acos(cosine);
    const [p, q] = [1 - share, share]
      .map((part) => Math.sin(part * angle) / Math.sin(angle));
    mix(p!, x!, q!, y!, out.subarray(from, from + size));
  }
  return out;
}

function dot(a: Floats, b: Floats): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Options for {@linkcode variations}. */
export interface VariationOptions {
  /** Numbers in one image. */
  size: number;
  /**
   * How far from the image of the seed, 0 to 1.
   * @default {0.1}
   */
  strength?: number;
  /**
   * Noise level the images are to start from.
   * @default {veLevel(1), unit noise}
   */
  level?: Level;
}

/**
 * Starts for images like that of a seed: its noise, turned a little towards others. Give them to `sample` as `start`.
 *
 * @param seed The seed whose image is varied.
 * @param count How many variations.
 * @returns `count` starts, one after the other.
 */
export function variations(
  seed: Seed,
  count: number,
  { size, strength = 0.1, level = veLevel(1) }: VariationOptions,
): Float32Array {
  const centre = new Float32Array(size);
  philoxNoise(seed).normal(centre);
  const starts = new Float32Array(count * size);
  for (let k = 0; k < count; k++) {
    const other = new Float32Array(size);
    philoxNoise(seed, { stream: k + 1 }).normal(other);
    starts.set(slerp(centre, other, strength), k * size);
  }
  return mix(level.sigma, starts, 0, starts, starts);
}
