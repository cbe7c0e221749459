import { philoxNoise } from "@emoji/diffusion/random";

/** Points of one dimension each: rows of numbers. */
export type Sample = readonly (readonly number[])[];

/**
 * Probability that the energy distance (Székely & Rizzo 2004) of two samples of one distribution is at least as large as
 * theirs, by permutation.
 */
export function energyTest(a: Sample, b: Sample, permutations = 199): number {
  const all = [...a, ...b];
  const distances = all.map((x) =>
    Float64Array.from(all, (y) => Math.hypot(...x.map((v, i) => v - y[i]!)))
  );
  /** Mean distance across minus those within, where `inA` says which sample a point is of. */
  function energy(inA: readonly boolean[]): number {
    let [across, withinA, withinB] = [0, 0, 0];
    for (let i = 0; i < all.length; i++) {
      const row = distances[i]!;
      for (let j = 0; j < i; j++) {
        if (inA[i] !== inA[j]) across += row[j]!;
        else if (inA[i]) withinA += row[j]!;
        else withinB += row[j]!;
      }
    }
    return 2 * across / (a.length * b.length) -
      2 * withinA / a.length ** 2 - 2 * withinB / b.length ** 2;
  }
  const labels = all.map((_, i) => i < a.length);
  const observed = energy(labels);
  let larger = 1;
  for (let k = 0; k < permutations; k++) {
    const random = new Float64Array(labels.length);
    philoxNoise(k).uniform(random);
    for (let i = labels.length - 1; i > 0; i--) {
      const j = Math.floor(random[i]! * (i + 1));
      [labels[i], labels[j]] = [labels[j]!, labels[i]!];
    }
    if (energy(labels) >= observed) larger++;
  }
  return larger / (permutations + 1);
}
