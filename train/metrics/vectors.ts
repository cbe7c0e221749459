/** Vectors of one length, one after the other. */
export interface Vectors {
  /** `[count, width]`. */
  readonly values: Float32Array;
  /** Length of a vector. */
  readonly width: number;
  /** Number of vectors. */
  readonly count: number;
}

/** Names the shape of `values`. */
export function vectorsOf(values: Float32Array, width: number): Vectors {
  const count = values.length / width;
  if (!Number.isInteger(count)) {
    throw new RangeError(
      `Cannot split into vectors of ${width} as the length must be a multiple: current value is ${values.length}`,
    );
  }
  return { values, width, count };
}

/** One of the vectors, as a view. */
export function vectorAt(
  { values, width }: Vectors,
  index: number,
): Float32Array {
  return values.subarray(index * width, (index + 1) * width);
}

/** Copies some of the vectors. */
export function takeVectors(
  vectors: Vectors,
  indices: ArrayLike<number>,
): Vectors {
  const { width } = vectors;
  const values = new Float32Array(indices.length * width);
  for (let i = 0; i < indices.length; i++) {
    values.set(vectorAt(vectors, indices[i]!), i * width);
  }
  return { values, width, count: indices.length };
}

/** Deviation, as a share of the median, below which a coordinate counts as one that never changes. */
const STILL = 0.05;

/**
 * Learns from reference vectors how to bring each coordinate to mean 0 and deviation 1. It gives features of any scale
 * one natural unit, which the cubic kernel of KID needs and in which a Fréchet distance reads as a share of the spread.
 *
 * Coordinates that hardly ever change in the reference become 0: behind a rectifier that a handful of pictures gets
 * past, a single sample would be hundreds of deviations away and decide a distance alone.
 *
 * @returns A function on vectors of the same width.
 */
export function standardizer(
  reference: Vectors,
): (vectors: Vectors) => Vectors {
  const { width, count } = reference;
  const mean = new Float64Array(width);
  const deviation = new Float64Array(width);
  for (let k = 0; k < width; k++) {
    for (let i = 0; i < count; i++) {
      mean[k]! += reference.values[i * width + k]!;
    }
    mean[k]! /= count;
    for (let i = 0; i < count; i++) {
      deviation[k]! += (reference.values[i * width + k]! - mean[k]!) ** 2;
    }
    deviation[k] = Math.sqrt(deviation[k]! / count);
  }
  const changing = deviation.filter((value) => value > 1e-6).sort();
  const least = STILL * (changing[changing.length >> 1] ?? Infinity);
  return (vectors) => ({
    ...vectors,
    values: vectors.values.map((value, i) => {
      const k = i % width;
      return deviation[k]! >= least ? (value - mean[k]!) / deviation[k]! : 0;
    }),
  });
}
