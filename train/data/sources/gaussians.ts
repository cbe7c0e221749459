import { philoxNoise } from "@emoji/diffusion/random";
import type { PictureSource } from "../source.ts";

const CENTRES = 8;
/** Of the circle of centres, and the deviation around each, where pictures reach from −1 to 1. */
const RADIUS = 0.7;
const DEVIATION = 0.08;

/** Options for {@linkcode gaussiansSource}. */
export interface GaussiansOptions {
  /**
   * How many points.
   * @default {8192}
   */
  count?: number;
  /**
   * Seed of the points.
   * @default {0}
   */
  seed?: number;
}

/**
 * Points of eight normal distributions on a circle, for seeing an engine learn a distribution that is known: every pixel
 * of a picture has the point's coordinates as red and green.
 */
export function gaussiansSource(options: GaussiansOptions = {}): PictureSource {
  const { count = 8192, seed = 0 } = options;
  const root = philoxNoise(seed);
  return {
    total: count,
    attribution: [],
    async *pictures(size) {
      for (let i = 0; i < count; i++) {
        const offset = new Float64Array(2);
        root.split(i).normal(offset);
        const angle = 2 * Math.PI * (i % CENTRES) / CENTRES;
        const [x, y] = [
          RADIUS * Math.cos(angle) + DEVIATION * offset[0]!,
          RADIUS * Math.sin(angle) + DEVIATION * offset[1]!,
        ];
        const pixel = [toByte(x), toByte(y), toByte(0), 255];
        const pixels = Uint8Array.from(
          { length: 4 * size * size },
          (_, k) => pixel[k % 4]!,
        );
        yield { concept: String(i), label: `point ${i}`, pixels };
      }
    },
  };
}

function toByte(value: number): number {
  return Math.round(127.5 * Math.max(-1, Math.min(1, value)) + 127.5);
}
