/**
 * `n` numbers evenly spaced from `start` to `end`, both included: numpy.linspace.
 *
 * @param start First number, the only one if `n` is 1.
 * @param end Last number.
 * @param n How many.
 * @returns Float64 numbers.
 */
export function linspace(start: number, end: number, n: number): Float64Array {
  const step = (end - start) / (n - 1);
  const x = Float64Array.from({ length: n }, (_, i) => start + i * step);
  if (n > 1) x[n - 1] = end;
  else if (n === 1) x[0] = start;
  return x;
}

/** Options of {@linkcode torchLinspace}. */
export interface TorchLinspaceOptions {
  /**
   * Whether to count within groups of eight as torch 1.13 did, and not from the ends as torch 2.15 does. They differ in
   * the last bit of some numbers.
   *
   * @default {true}
   */
  grouped?: boolean;
}

/**
 * `torch.linspace(start, end, n)` in float32, bit for bit as on x86 with AVX2: torch counts upwards from the start and
 * downwards from the end.
 *
 * @param start First number, the only one if `n` is 1.
 * @param end Last number.
 * @param n How many.
 * @param options Version of torch to follow.
 * @returns Float32 numbers in a float64 table.
 */
export function torchLinspace(
  start: number,
  end: number,
  n: number,
  { grouped = true }: TorchLinspaceOptions = {},
): Float64Array {
  const { fround } = Math;
  const [first, last] = [fround(start), fround(end)];
  const step = n > 1 ? fround(fround(last - first) / (n - 1)) : 0;
  const half = Math.floor(n / 2);
  const fused = (i: number) =>
    fround(i < half ? first + step * i : last - step * (n - 1 - i)); // the float64 product is exact
  const plain = (i: number) =>
    fround(
      i < half ? first + fround(step * i) : last - fround(step * (n - 1 - i)),
    );
  if (n === 1) return Float64Array.of(first);
  if (!grouped) return Float64Array.from({ length: n }, (_, i) => fused(i));
  const whole = n - n % 16; // two registers of eight at a time
  return Float64Array.from(
    { length: n },
    (_, i) =>
      i < whole ? fround(fused(i - i % 8) + fround(step * (i % 8))) : plain(i),
  );
}
