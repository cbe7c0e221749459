import type { Floats } from "./random/noise_source.ts";

export type { Floats };

/** A new array of the type and length of `x`, or of the `length` given, filled with zeros. */
export function like<T extends Floats>(x: T, length: number = x.length): T {
  return new (x.constructor as new (length: number) => T)(length);
}

/** `a·x + b·y`, in a new array or in `out`, which may be one of the operands. */
export function mix<T extends Floats>(
  a: number,
  x: T,
  b: number,
  y: T,
  out: T = like(x),
): T {
  for (let i = 0; i < out.length; i++) out[i] = a * x[i]! + b * y[i]!;
  return out;
}

/** `a·x + b·y + c·z`, in a new array or in `out`, which may be one of the operands. */
export function mix3<T extends Floats>(
  a: number,
  x: T,
  b: number,
  y: T,
  c: number,
  z: T,
  out: T = like(x),
): T {
  for (let i = 0; i < out.length; i++) {
    out[i] = a * x[i]! + b * y[i]! + c * z[i]!;
  }
  return out;
}

/** One summand of {@linkcode combine}: a weight and what it weighs. */
export type Term<T extends Floats = Float32Array> = readonly [
  weight: number,
  values: T,
];

/** The weighted sum of `terms`, in one new array. Terms of weight 0 are left out, even where they are not finite. */
export function combine<T extends Floats>(terms: readonly Term<T>[]): T {
  const [a, b, c, ...rest] = terms.filter(([weight]) => weight !== 0);
  if (a === undefined) return like(terms[0]![1]);
  if (b === undefined) return mix(...a, 0, a[1]);
  if (c === undefined) return mix(...a, ...b);
  const out = mix3(...a, ...b, ...c);
  for (let i = 0; i < rest.length; i += 2) {
    const d = rest[i]!;
    const e = rest[i + 1];
    if (e === undefined) mix(1, out, ...d, out);
    else mix3(1, out, ...d, ...e, out);
  }
  return out;
}
