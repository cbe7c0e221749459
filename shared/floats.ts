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
