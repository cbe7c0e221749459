/**
 * Nearest training pictures of a picture, pixel by pixel, under mirroring and small moves. The search is exact: block
 * means bound the distance from below, so most pictures are ruled out by 64 numbers instead of 4096.
 *
 * @module
 */

import { pictureAt, type Pictures, shrink } from "./pictures.ts";

/** The two nearest reference pictures of a query. */
export interface Neighbours {
  /** Index of the nearest. */
  readonly first: number;
  /** Its distance: root mean square difference of the premultiplied values, which span [−1, 1]. */
  readonly firstDistance: number;
  /** Index of the second nearest. */
  readonly second: number;
  /** Its distance. */
  readonly secondDistance: number;
}

/** Options for {@linkcode neighbourSearch}. */
export interface NeighbourSearchOptions {
  /**
   * Moves of up to so many pixels along each axis are tried; what moves in is transparent.
   * @default {1}
   */
  shift?: number;
  /**
   * Whether mirrored queries are tried too.
   * @default {true}
   */
  flip?: boolean;
}

/** Finds the neighbours of every picture of a set. */
export type NeighbourSearch = (queries: Pictures) => Neighbours[];

/** Height and width of the pictures that are compared; larger ones are shrunk. */
export const COMPARED_SIZE = 32;

/** Sizes of the block means, coarsest first; the last are the pixels. */
const LADDER = [4, 8, 16, COMPARED_SIZE] as const;
const [COARSE] = LADDER;

/** Creates a search among at least two reference pictures. */
export function neighbourSearch(
  reference: Pictures,
  { shift = 1, flip = true }: NeighbourSearchOptions = {},
): NeighbourSearch {
  if (reference.count < 2) {
    throw new RangeError(
      `Cannot search for neighbours as there must be at least 2 pictures: current value is ${reference.count}`,
    );
  }
  const pixels = shrink(reference, COMPARED_SIZE);
  const references = ladderOf(pixels);
  const { count } = pixels;
  const bounds = new Float64Array(count);
  const order = Uint32Array.from(bounds, (_, i) => i);

  function searchOne(query: Uint8Array): Neighbours {
    const variants = variantsOf(query, shift, flip);
    const queries = ladderOf(variants);
    const coarse = new Float64Array(count * variants.count);
    for (let j = 0; j < count; j++) {
      bounds[j] = Infinity;
      for (let v = 0; v < variants.count; v++) {
        const bound = squared(queries[0]!, v, references[0]!, j, COARSE);
        coarse[j * variants.count + v] = bound;
        if (bound < bounds[j]!) bounds[j] = bound;
      }
    }
    order.sort((a, b) => bounds[a]! - bounds[b]!);
    const best = {
      first: -1,
      firstDistance: Infinity,
      second: -1,
      secondDistance: Infinity,
    };
    for (const j of order) {
      if (bounds[j]! >= best.secondDistance) break;
      let nearest = best.secondDistance;
      for (let v = 0; v < variants.count; v++) {
        let distance = coarse[j * variants.count + v]!;
        for (let rung = 1; rung < LADDER.length && distance < nearest; rung++) {
          const size = LADDER[rung]!;
          distance = squared(
            queries[rung]!,
            v,
            references[rung]!,
            j,
            size,
            nearest,
          );
        }
        nearest = Math.min(nearest, distance);
      }
      if (nearest < best.firstDistance) {
        best.second = best.first;
        best.secondDistance = best.firstDistance;
        best.first = j;
        best.firstDistance = nearest;
      } else if (nearest < best.secondDistance) {
        best.second = j;
        best.secondDistance = nearest;
      }
    }
    return {
      ...best,
      firstDistance: toUnits(best.firstDistance),
      secondDistance: toUnits(best.secondDistance),
    };
  }

  return (queries) => {
    const small = shrink(queries, COMPARED_SIZE);
    return Array.from(
      { length: small.count },
      (_, i) => searchOne(pictureAt(small, i)),
    );
  };
}

/** Sum of squared differences of bytes, at least, to root mean square difference in [−1, 1]. */
function toUnits(square: number): number {
  return Math.sqrt(square / (4 * COMPARED_SIZE ** 2)) / 127.5;
}

/**
 * Means of blocks times the width of a block, for each size of {@linkcode LADDER}: their squared differences bound those
 * of the pixels from below.
 */
function ladderOf({ bytes }: Pictures): Float32Array[] {
  const rungs = [Float32Array.from(bytes)];
  for (let size: number = COMPARED_SIZE; size > COARSE; size /= 2) {
    const fine = rungs[0]!;
    const row = 4 * size;
    const out = new Float32Array(fine.length / 4);
    for (let i = 0; i < out.length; i++) {
      const pixel = i >> 2;
      const y = Math.floor(pixel / (size / 2)); // of all pictures
      const at = 2 * y * row + 8 * (pixel % (size / 2)) + (i & 3);
      const sum = fine[at]! + fine[at + 4]! + fine[at + row]! +
        fine[at + row + 4]!;
      out[i] = sum / 2;
    }
    rungs.unshift(out);
  }
  return rungs;
}

/** Squared distance of row `i` of `a` to row `j` of `b`, or `limit` as soon as it is known to be no less. */
function squared(
  a: Float32Array,
  i: number,
  b: Float32Array,
  j: number,
  blocks: number,
  limit = Infinity,
): number {
  const width = 4 * blocks * blocks;
  const from = i * width;
  const to = j * width;
  let sum = 0;
  for (let start = 0; start < width; start += 64) {
    for (let k = start; k < start + 64; k++) {
      const difference = a[from + k]! - b[to + k]!;
      sum += difference * difference;
    }
    if (sum >= limit) return limit;
  }
  return sum;
}

/** A picture mirrored and moved in all ways. */
function variantsOf(query: Uint8Array, shift: number, flip: boolean): Pictures {
  const size = COMPARED_SIZE;
  const moves = Array.from({ length: 2 * shift + 1 }, (_, i) => i - shift);
  const changes = (flip ? [false, true] : [false]).flatMap((mirrored) =>
    moves.flatMap((dy) => moves.map((dx) => ({ mirrored, dx, dy })))
  );
  const bytes = new Uint8Array(changes.length * query.length);
  const from = new Uint32Array(query.slice().buffer);
  const to = new Uint32Array(bytes.buffer);
  changes.forEach(({ mirrored, dx, dy }, v) => {
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        const fromX = (mirrored ? size - 1 - x : x) - dx;
        const fromY = y - dy;
        if (Math.min(fromX, fromY) < 0 || Math.max(fromX, fromY) >= size) {
          continue;
        }
        to[(v * size + y) * size + x] = from[fromY * size + fromX]!;
      }
    }
  });
  return { bytes, size, count: changes.length };
}
