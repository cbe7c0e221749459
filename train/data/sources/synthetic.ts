import { philoxNoise } from "@emoji/diffusion/random";
import type { PictureSource, SourcePicture } from "../source.ts";

const COLORS = {
  red: [230, 60, 50],
  yellow: [250, 200, 40],
  green: [60, 170, 80],
  blue: [50, 110, 220],
} as const;

/** Whether a point is inside a shape of radius 1. */
const SHAPES = {
  disk: (x: number, y: number) => x * x + y * y <= 1,
  square: (x: number, y: number) => Math.max(Math.abs(x), Math.abs(y)) <= 0.85,
  diamond: (x: number, y: number) => Math.abs(x) + Math.abs(y) <= 1,
  ring: (x: number, y: number) => x * x + y * y <= 1 && x * x + y * y >= 0.3,
} as const;

/** Points looked at along each side of a pixel, for smooth edges. */
const POINTS = 4;

/** Options for {@linkcode syntheticSource}. */
export interface SyntheticOptions {
  /**
   * How many pictures.
   * @default {256}
   */
  count?: number;
  /**
   * Seed of their places and sizes.
   * @default {0}
   */
  seed?: number;
}

/**
 * Flat shapes on a transparent background, for tests and for seeing an engine learn in seconds: the shape is the
 * group, the colour a word, place and size are random.
 */
export function syntheticSource(
  options: SyntheticOptions = {},
): PictureSource {
  const { count = 256, seed = 0 } = options;
  const random = philoxNoise(seed);
  return {
    total: count,
    attribution: [],
    async *pictures(size) {
      for (let i = 0; i < count; i++) {
        const numbers = new Float64Array(5);
        random.split(i).uniform(numbers);
        yield drawShape(String(i), numbers, size);
      }
    },
  };
}

/** @param random Five numbers in (0, 1): shape, colour, x, y, radius. */
function drawShape(
  concept: string,
  random: Float64Array,
  size: number,
): SourcePicture {
  const group = pick(
    Object.keys(SHAPES) as (keyof typeof SHAPES)[],
    random[0]!,
  );
  const color = pick(
    Object.keys(COLORS) as (keyof typeof COLORS)[],
    random[1]!,
  );
  const radius = 0.25 + 0.2 * random[4]!;
  const x = radius + (1 - 2 * radius) * random[2]!;
  const y = radius + (1 - 2 * radius) * random[3]!;
  const pixels = new Uint8Array(4 * size * size);
  for (let i = 0; i < size * size; i++) {
    let inside = 0;
    for (let k = 0; k < POINTS * POINTS; k++) {
      const px = (i % size + (k % POINTS + 0.5) / POINTS) / size;
      const py =
        (Math.floor(i / size) + (Math.floor(k / POINTS) + 0.5) / POINTS) / size;
      if (SHAPES[group]((px - x) / radius, (py - y) / radius)) inside++;
    }
    const alpha = inside / POINTS ** 2;
    pixels.set(
      [...COLORS[color], 255].map((value) => Math.round(value * alpha)),
      4 * i,
    );
  }
  return { concept, label: `${color} ${group}`, group, words: [color], pixels };
}

function pick<T>(values: readonly T[], at: number): T {
  return values[Math.floor(at * values.length)]!;
}
